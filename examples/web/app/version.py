"""Which version this is, as the image was built."""

from pathlib import Path


def version() -> str:
    """Read the version that the Dockerfile wrote down."""
    file = Path(__file__).parents[1] / "VERSION"
    return file.read_text().strip() if file.exists() else "dev"
