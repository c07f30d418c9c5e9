"""``hooks_output``: what is shown of the hooks."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Tag

from kamalpy.config.kinds import one_of

HOOKS = (
    *("docker-setup", "pre-connect", "pre-build", "pre-deploy", "post-deploy"),
    *("pre-app-boot", "post-app-boot", "pre-proxy-reboot", "post-proxy-reboot"),
)
OURS = ("post-deploy-failed",)
RETIRED = ("pre-traefik-reboot", "post-traefik-reboot")


Level: TypeAlias = Literal["quiet", "verbose"]
HooksOutput: TypeAlias = Annotated[
    Annotated[Level, Tag("<all>")] | Annotated[dict[str, Level], Tag("<each>")],
    one_of("a string or a hash", word="<all>", boolean="<all>", other="<all>", hash="<each>"),
]
"""One level for all hooks, or a level for each."""
