"""`.kamal/secrets`: names to values, one source each; nothing here prints a value."""

from .secret import Secret
from .secrets import Secrets

__all__ = ["Secret", "Secrets"]
