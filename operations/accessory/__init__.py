"""What an app needs in addition: a database, a cache, with its directories and files."""

from kamalpy.operations.accessory.absent import absent, data_absent
from kamalpy.operations.accessory.container import container
from kamalpy.operations.accessory.files import directories, env, files

__all__ = ["absent", "container", "data_absent", "directories", "env", "files"]
