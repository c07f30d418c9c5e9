"""pyinfra's global arguments of a deploy: what cannot work with all its commands is refused."""

from __future__ import annotations

from kamalpy._pyinfra import this_host
from kamalpy._pyinfra.execution import Arguments, global_arguments
from kamalpy.errors import DeployError

_ON_STDIN = "files and secrets travel on standard input"
_REFUSED = {
    "_if": "a deploy is for all hosts or none, and does nothing where nothing is to change",
    "_run_once": "every host has its own part in a deploy",
    "_retries": "a step that has failed is taken back on all hosts; run the deploy again",
    "_continue_on_error": "nothing goes on after a failure",
    "_success_exit_codes": "a command that fails must not count as done",
    "_stdin": _ON_STDIN,
    "_get_pty": f"{_ON_STDIN}, which a terminal would show",
    "_su_password": "su reads its password from standard input, and so do files; use _sudo",
}


def checked_arguments() -> Arguments:
    """Return the global arguments of a deploy on the host at hand, or refuse them."""
    arguments = global_arguments(this_host())
    for name, reason in _REFUSED.items():
        if arguments[name] and arguments[name] != [0]:
            raise DeployError(f"{name} cannot be given to a deploy: {reason}")
    return arguments
