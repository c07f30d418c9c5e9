"""Where the socket, the state and the certificates lie."""

import os
from pathlib import Path


def socket_path() -> Path:
    """The command socket, in ``$XDG_RUNTIME_DIR`` or the directory for temporary files."""
    return Path(os.environ.get("XDG_RUNTIME_DIR") or _temporary()) / "kamal-proxy.sock"


def state_path() -> Path:
    """The file that remembers every service across restarts."""
    return _data_directory() / "kamal-proxy.state"


def certificate_path() -> Path:
    """The default for ``--tls-acme-cache-path``."""
    return _data_directory() / "certs"


def _data_directory() -> Path:
    directory = Path(os.environ.get("HOME") or _temporary()) / ".config" / "kamal-proxy"
    try:
        for path in (*reversed(directory.parents), directory):
            if not path.is_dir():
                path.mkdir(mode=0o700)
    except OSError:
        return _temporary()
    return directory


def _temporary() -> Path:
    return Path(os.environ.get("TMPDIR") or "/tmp")
