"""YAML as Kamal reads it, with the place of everything."""

from kamalpy.config.document.nodes import Mapping, Path, Place, Scalar, Sequence

__all__ = ["Mapping", "Path", "Place", "Scalar", "Sequence"]
