"""What every deploy of this package may be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_type_hints

from kamalpy.errors import DeployError
from kamalpy.operations.call import mismatch
from kamalpy.reference.spelling import meant

if TYPE_CHECKING:
    from typing_extensions import TypedDict

    class DeployArguments(TypedDict, total=False):
        """The same as keyword arguments."""

        config: str | None
        destination: str | None
        version: str | None
        roles: Sequence[str]
        skip_hooks: bool
        lock_wait: int
        lock_interval: int

    class ImageArguments(DeployArguments, total=False):
        """The same for deploys that bring an image to the hosts."""

        image: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployOptions:
    """
    What every deploy of this package may be told.

    + config: path of deploy.yml; by default what the inventory says
    + destination: destination; by default what the inventory says
    + version: version; by default ``VERSION`` of the environment, else what git says
    + roles: only these roles; all by default
    + image: deploy this image as it is, ``nginx:1.27``; its tag or digest is the version
    + skip_hooks: run no hooks
    + lock_wait: seconds to wait for somebody else's deploy lock; none by default
    + lock_interval: seconds between two tries to take it
    """

    config: str | None = None
    destination: str | None = None
    version: str | None = None
    roles: Sequence[str] = ()
    image: str | None = None
    skip_hooks: bool = False
    lock_wait: int = 0
    lock_interval: int = 15

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> DeployOptions:
        """Take keyword arguments; pyinfra's command line gives whatever somebody typed."""
        hints = get_type_hints(cls)
        for name, value in options.items():
            if name not in hints:
                raise DeployError(f"{name}: unknown argument; {meant(name, hints)}")
            if name != "version":  # which has a message of its own
                for problem in mismatch(name, value, hints[name]):
                    raise DeployError(problem)
        return cls(**options)
