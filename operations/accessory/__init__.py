"""What an app needs in addition: a database, a cache, with its directories and files."""

from kamalpy.operations.accessory.absent import absent, data_absent
from kamalpy.operations.accessory.container import container
from kamalpy.operations.accessory.directories import directories
from kamalpy.operations.accessory.env import env
from kamalpy.operations.accessory.files import files

__all__ = ["absent", "container", "data_absent", "directories", "env", "files"]
