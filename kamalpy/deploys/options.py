"""The options that every deploy of this package takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployOptions:
    """
    The options that every deploy of this package takes.

    + config: path of deploy.yml; by default that of the inventory
    + destination: destination; by default that of the inventory
    + version: version; by default ``VERSION`` of the environment, else that of the git commit
    + roles: only these roles; all by default
    + image: deploy this image as it is, ``nginx:1.27``; its tag or digest is the version
    + skip_hooks: run no hooks
    + lock_wait: seconds to wait for another run's deploy lock; none by default
    + lock_interval: seconds between two attempts to take it
    """

    config: str | None = None
    destination: str | None = None
    version: str | None = None
    roles: Sequence[str] = ()
    image: str | None = None
    skip_hooks: bool = False
    lock_wait: int = 0
    lock_interval: int = 15
