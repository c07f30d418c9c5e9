"""Templates in deploy.yml and accessory files: ERB without Ruby, and Jinja2."""

from .context import SharedContext
from .detection import Permissions, permissions_of
from .rendering import render_accessory, render_with_lines

__all__ = [
    "Permissions",
    "SharedContext",
    "permissions_of",
    "render_accessory",
    "render_with_lines",
]
