"""Building an image, in the words of buildx and of Cloud Native Buildpacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kamalpy.commands.builder import Buildx, Words, platforms
from kamalpy.config.builder import Builder, Cache, Pack

_READ_OPTIONS = ("url=", "url_v2=", "token=", "scope=", "timeout=")
"""The options of a gha cache that reading takes as well as writing."""


@dataclass(frozen=True, slots=True)
class Build:
    """One build: what it is called, how it is made, where it goes."""

    image: str
    latest: str
    service: str
    builder: Builder
    buildx: Buildx
    server: str | None = None
    output: str = "registry"
    no_cache: bool = False

    def commands(self) -> list[Words]:
        """Build the image and deliver it as ``output`` says, one command after the other."""
        if self.buildx.kind != "pack":
            return [self.words()]
        pushes = [("docker", "push", each) for each in (self.image, self.latest)]
        return [self._pack(), *(pushes if self.output == "registry" else [])]

    def words(self) -> Words:
        """Build with buildx, and push unless ``output`` says otherwise."""
        builder = self.builder
        words = ["docker", "buildx", "build", f"--output=type={self.output}"]
        words += ["--platform", platforms(builder.arches)] if builder.arches else []
        words += ["--builder", self.buildx.name] if self.buildx.name else []
        words += ["-t", self.image, "-t", self.latest, *self._cache()]
        words += ["--label", f"service={self.service}"]
        for name, value in builder.args.items():
            words += ["--build-arg", name if value is None else f"{name}={value}"]
        for name in builder.secrets:
            words += ["--secret", f"id={name}"]
        words += ["--file", builder.dockerfile]
        for option, given in (
            ("--target", builder.target),
            ("--ssh", builder.ssh),
            ("--provenance", builder.provenance),
            ("--sbom", None if builder.sbom is None else str(builder.sbom).lower()),
        ):
            words += [option, given] if given is not None else []
        return [*words, *(["--no-cache"] if self.no_cache else []), builder.context or "."]

    def env(self) -> Mapping[str, str]:
        """List the variables that docker gets on top of the environment."""
        return {"BUILDKIT_NO_CLIENT_TOKEN": "1"} if self.buildx.is_remote else {}

    def _pack(self) -> Words:
        """
        Build with Cloud Native Buildpacks.

        Kamal writes secrets into the words, which every process can read; here pack takes them
        from its environment.
        """
        builder, pack = self.builder, self.builder.pack or Pack()
        words = ["pack", "build", self.image.rpartition(":")[0]]
        words += ["--platform", platforms(builder.arches[:1]), "--creation-time", "now"]
        words += ["--builder", pack.builder] if pack.builder else []
        for each in (*pack.buildpacks, "paketo-buildpacks/image-labels"):
            words += ["--buildpack", each]
        words += [
            "-t",
            self.image,
            "-t",
            self.latest,
            *(["--clear-cache"] if self.no_cache else []),
        ]
        words += ["--env", f"BP_IMAGE_LABELS=service={self.service}"]
        for name, value in builder.args.items():
            words += ["--env", name if value is None else f"{name}={value}"]
        for name in builder.secrets:
            words += ["--env", name]
        return [*words, "--path", builder.context or "."]

    def _cache(self) -> Iterator[str]:
        cache = self.builder.cache
        if cache is None or cache.type in (None, "false"):
            return
        to, from_ = _gha(cache) if cache.type == "gha" else self._registry_cache(cache)
        yield from ("--cache-to", to, "--cache-from", from_)

    def _registry_cache(self, cache: Cache) -> tuple[str, str]:
        image = cache.image
        if image is not None and self.server is not None:
            image = f"{self.server}/{image}"
        repository = self.image.rpartition(":")[0]
        from_ = f"type=registry,ref={image or f'{repository}-build-cache'}"
        return ",".join(filter(None, (from_, cache.options))), from_


def _gha(cache: Cache) -> tuple[str, str]:
    options = (cache.options or "").split(",")
    read = [each for each in options if each.startswith(_READ_OPTIONS)]
    to = ",".join(filter(None, ("type=gha", cache.options)))
    return to, ",".join(["type=gha", *read])
