"""Templates in deploy.yml and accessory files: ERB without Ruby, and Jinja2."""

from .rendering import render, render_accessory, render_with_lines
from .wishes import Wishes, wishes_of
from .world import Memory

__all__ = ["Memory", "Wishes", "render", "render_accessory", "render_with_lines", "wishes_of"]
