"""``hooks_output``: what is shown of the hooks."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, Tag, WithJsonSchema

from kamalpy.config.faults import Fault
from kamalpy.config.kinds import one_of

LEVELS = ("quiet", "verbose")
HOOKS = (
    *("docker-setup", "pre-connect", "pre-build", "pre-deploy", "post-deploy"),
    *("pre-app-boot", "post-app-boot", "pre-proxy-reboot", "post-proxy-reboot"),
)
OURS = ("post-deploy-failed",)
RETIRED = ("pre-traefik-reboot", "post-traefik-reboot")


def _level(value: Any) -> str:
    if isinstance(value, str) and value in LEVELS:
        return str(value)
    raise Fault('should be "quiet" or "verbose"', "write one of the two").error()


Level = Annotated[str, BeforeValidator(_level), WithJsonSchema({"enum": list(LEVELS)})]
HooksOutput: TypeAlias = Annotated[
    Annotated[Level, Tag("<all>")] | Annotated[dict[str, Level], Tag("<each>")],
    one_of("a string or a hash", word="<all>", boolean="<all>", other="<all>", hash="<each>"),
]
"""One level for all hooks, or a level for each."""
