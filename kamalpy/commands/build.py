"""Building an image, in the words of docker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def push(
    tags: Sequence[str],
    labels: Mapping[str, str],
    platforms: Sequence[str] = (),
    dockerfile: str = "Dockerfile",
    target: str | None = None,
    args: Sequence[str] = (),
    secrets: Sequence[str] = (),
    ssh: str | None = None,
    context: str = ".",
) -> list[str]:
    """
    Build an image and push it.

    ``args`` are names, their values come from the environment, as those of ``secrets`` do.
    """
    words = ["docker", "buildx", "build", "--push"]
    words += ["--platform", ",".join(platforms)] if platforms else []
    words += [word for tag in tags for word in ("--tag", tag)]
    words += [word for name, value in labels.items() for word in ("--label", f"{name}={value}")]
    words += ["--file", dockerfile] if dockerfile != "Dockerfile" else []
    words += ["--target", target] if target else []
    words += [word for name in args for word in ("--build-arg", name)]
    words += [word for name in secrets for word in ("--secret", f"id={name}")]
    words += ["--ssh", ssh] if ssh else []
    return [*words, context]
