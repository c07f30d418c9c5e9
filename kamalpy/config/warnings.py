"""Warnings: what is valid for Kamal, but probably unintended."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path as Folder
from typing import Any

from kamalpy.config.accessory_paths import PathSection
from kamalpy.config.docker_options import RESERVED_LABELS
from kamalpy.config.document import Path
from kamalpy.config.document.ruby import is_blank
from kamalpy.config.draft import Draft, as_dict, as_list, names
from kamalpy.config.faults import Fault
from kamalpy.config.findings import project
from kamalpy.config.findings.addresses import SCHEME, addresses, architectures
from kamalpy.config.findings.credentials import passwords, variables
from kamalpy.config.findings.databases import databases
from kamalpy.config.findings.placeholders import domains, placeholders
from kamalpy.config.hooks import HOOKS
from kamalpy.config.host_variables import variable_faults
from kamalpy.config.image import Image
from kamalpy.config.problems import Locator
from kamalpy.config.proxy import FORMER_PEMS, PEMS
from kamalpy.config.surprises import surprises
from kamalpy.errors import Problem
from kamalpy.reference.spelling import closest, did_you_mean

IMAGE = re.compile(r"[a-z0-9]+([._/:@-]+[a-zA-Z0-9]+)*")
"""Roughly an image's name, tag and digest."""
SERVER = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d+)?(/[A-Za-z0-9._/-]*)?")


def warnings_of(locator: Locator, root: Folder) -> Iterator[Problem]:
    """Find what has no effect, or an unexpected one, in a valid file."""
    draft = Draft(locator.document.plain())
    for fault in (fault for check in CHECKS for fault in check(draft)):
        yield locator.problem(fault)
    found = (surprises(locator.document), placeholders(locator.document), passwords(locator))
    for fault in (*chain(*found), *project.volumes(draft, root)):
        yield locator.problem(fault)
    yield from project.hooks(draft, root)


def root_keys(draft: Draft) -> Iterator[Fault]:
    """Find keys at the root without effect, or with a harmful one."""
    raw = draft.raw
    if "run_directory" in raw:
        yield Fault("has no effect, the folder is always .kamal", "remove it", ("run_directory",))
    for label in RESERVED_LABELS:
        if label in as_dict(raw.get("labels")):
            how = "remove it, the label is set for you"
            yield Fault("has no effect, it is a reserved label", how, ("labels", label))
    for hook in as_dict(raw.get("hooks_output")):
        if hook not in HOOKS:
            yield Fault("names no hook", did_you_mean(hook, HOOKS), ("hooks_output", hook))
    if any("PRIVATE KEY" in str(key) for key in as_list(as_dict(raw.get("ssh")).get("key_data"))):
        how = "put it into .kamal/secrets, and write its name here"
        yield Fault("holds a private key", how, ("ssh", "key_data"))
    yield from image_names(raw)
    image = Image(str(raw.get("image")))
    builds = "builder" in raw and as_dict(raw.get("x-kamalpy")).get("build", True)
    if image.version is not None and builds:
        how = 'remove it, or write "build: false" under x-kamalpy to deploy this very image'
        yield Fault("has a tag, and the version is added as another", how, ("image",))


def image_names(raw: Mapping[str, Any]) -> Iterator[Fault]:
    """Find names that no image or registry can have, such as placeholders."""
    image, server = raw.get("image"), as_dict(raw.get("registry")).get("server")
    if isinstance(image, str) and image.strip() and "$" not in image:
        yield from _image_name(image, str(server))
    if isinstance(server, str) and not is_blank(server) and not SERVER.fullmatch(server):
        how = 'write a host alone, like "server: ghcr.io", without https:// and path'
        if "://" not in server and "/" in server:
            how = 'write the host alone, and the rest before the name in "image"'
        yield Fault("is no host of a registry", how, ("registry", "server"))


def _image_name(image: str, server: str) -> Iterator[Fault]:
    path = ("image",)
    if SCHEME.match(image) or not IMAGE.fullmatch(image):
        yield Fault(
            "is no name of an image", 'write it like "image: acme/blog", in lower case', path
        )
    elif image.startswith(f"{server}/"):
        how = f'write "image: {image.removeprefix(server)[1:]}"'
        yield Fault(f"begins with {server}, which registry/server adds as well", how, path)


def proxies(draft: Draft) -> Iterator[Fault]:
    """Find incomplete certificates, and path prefixes that are ignored."""
    for path, raw in draft.sections("proxy"):
        ssl = raw.get("ssl")
        for key in as_dict(ssl):
            if key not in PEMS:
                how = FORMER_PEMS.get(key) or did_you_mean(key, PEMS)
                yield Fault("has no effect", how, (*path, "ssl", key))
        if isinstance(ssl, dict) and all(is_blank(ssl.get(key)) for key in PEMS):
            how = "write certificate_pem and private_key_pem, or ssl: true"
            yield Fault("names no certificate, so that it is Let's Encrypt's", how, (*path, "ssl"))
        if "path_prefix" in raw and "path_prefixes" in raw:
            how = "move it into path_prefixes"
            yield Fault("has no effect next to path_prefixes", how, (*path, "path_prefix"))


def hosts(draft: Draft) -> Iterator[Fault]:
    """Find host names with a user or port, and empty ones."""
    for role in draft.roles():
        key: Path = () if isinstance(role.raw, list) else ("hosts",)
        for index, host in enumerate(role.hosts):
            yield from _host(host, (*role.path, *key, index))
    for name, raw in draft.accessories():
        for host in draft.accessory_hosts(raw) if "host" in raw or "hosts" in raw else ():
            yield from _host(host, ("accessories", name))


def _host(host: str, path: Path) -> Iterator[Fault]:
    if not host.strip():
        yield Fault("has a host without a name", "write its name", path)
    elif "@" in host or (host.count(":") == 1 and host.rpartition(":")[2].isdigit()):
        how = "write the name alone; user and port belong under ssh"
        yield Fault(f"has a host {host}, which is more than a name", how, path)
    elif SCHEME.match(host):
        how = f"write {SCHEME.sub('', host).partition('/')[0]}"
        yield Fault(f"has a host {host}, which is more than a name", how, path, fails=True)


def tags(draft: Draft) -> Iterator[Fault]:
    """Find undefined tags."""
    known = set(as_dict(as_dict(draft.raw.get("env")).get("tags")))
    for _, raw in draft.accessories():
        known |= set(names(raw, "tag", "tags"))
    for role in draft.roles():
        for host, carried in role.tags.items():
            for tag in carried:
                if tag not in known:
                    close = closest(tag, sorted(known))
                    how = f"did you mean {close}?" if close else "define it under env/tags"
                    yield Fault(f"gives {host} a tag {tag} that is not defined", how, role.path)


def accessories(draft: Draft) -> Iterator[Fault]:
    """Find accessories that cannot be booted."""
    for name, raw in draft.accessories():
        path = ("accessories", name)
        if is_blank(raw.get("image")):
            yield Fault("has no image", 'add one, as in "image: postgres:17"', path)
        if not draft.accessory_hosts(raw):
            yield Fault("runs on no host", "give the role hosts, or hosts the tag", path)


def mounts(draft: Draft) -> Iterator[Fault]:
    """Find keys of files and directories that do nothing, and relative mounts."""
    for name, raw in draft.accessories():
        for key in ("files", "directories"):
            for index, item in enumerate(as_list(raw.get(key))):
                path = ("accessories", name, key, index)
                for word in as_dict(item):
                    if word not in PathSection.key_names():
                        yield Fault("has no effect", PathSection.hint(word), (*path, word))
                if not str(as_dict(PathSection.prepare(item)).get("remote")).startswith("/"):
                    how = "write a path that begins with /"
                    yield Fault("is mounted at a relative path", how, path)


CHECKS = (
    root_keys,
    proxies,
    addresses,
    architectures,
    domains,
    hosts,
    tags,
    variables,
    accessories,
    databases,
    mounts,
    variable_faults,
)
"""Every check of the file alone."""
