"""Kamal's deploy.yml on pyinfra's engine."""

__version__ = "0.1.0"
__all__ = ["__version__"]
