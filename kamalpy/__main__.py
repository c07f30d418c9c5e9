"""``python -m kamalpy``, for where its program is not on the path."""

from kamalpy.cli import main

main()
