"""Checks across the sections of deploy.yml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kamalpy.config.document.ruby import is_blank, to_s
from kamalpy.config.draft import Context, Draft, DraftRole, as_dict, names, non_string_names
from kamalpy.config.extension import secret_faults
from kamalpy.config.faults import Fault
from kamalpy.config.files import is_there
from kamalpy.config.gem_version import KAMAL, is_version, newer
from kamalpy.config.hooks import RETIRED
from kamalpy.config.image import Image
from kamalpy.config.machine import architecture
from kamalpy.config.proxy_checks import proxy_faults
from kamalpy.config.registry import is_local


def all_faults(draft: Draft, context: Context) -> Iterator[Fault]:
    """Run every check."""
    yield from required(draft)
    yield from named(draft)
    yield from roles(draft)
    yield from accessory_roles(draft)
    yield from minimum_version(draft)
    yield from retired_hooks(draft, context)
    yield from proxy_faults(draft)
    yield from local_registry(draft)
    yield from secret_faults(draft)


def required(draft: Draft) -> Iterator[Fault]:
    """Require the keys without which there is nothing to deploy."""
    raw = draft.raw
    local = is_local(as_dict(raw.get("registry")).get("server"))
    examples = {"service": "blog", "image": "acme/blog"}
    for key in ("service",) if local else ("service", "image"):
        if is_blank(raw.get(key)) and (key not in raw or raw[key] is not None):
            yield Fault("is required", f'write it like "{key}: {examples[key]}"', (key,))
    if "registry" not in raw:
        how = 'write it like "registry: {username: my-user, password: [KAMAL_REGISTRY_PASSWORD]}"'
        yield Fault("is required", how, ("registry",))
    builds = as_dict(raw.get("x-kamalpy")).get("build", True)
    if "builder" not in raw and builds and Image(str(raw.get("image") or "")).version is None:
        how = 'write it like "builder: {arch: amd64}", or add a tag to image to deploy it as it is'
        yield Fault("is required", how, ("builder",))
    if "servers" not in raw and "hosts" not in raw and is_blank(raw.get("accessories")):
        yield Fault("is required", 'write it like "servers: [192.0.2.1]"', ("servers",))


def named(draft: Draft) -> Iterator[Fault]:
    """Require strings for names."""
    for path in non_string_names(draft.raw, "servers", "accessories", "aliases"):
        yield Fault("should be a string", "put the name in quotes", path)


def roles(draft: Draft) -> Iterator[Fault]:
    """Require a primary role, and hosts."""
    found = draft.roles()
    if not isinstance(draft.raw.get("servers"), (list, dict)):
        return
    if not any(role.name == draft.primary for role in found):
        yield _no_primary(draft, [role.name for role in found])
    for role in found:
        if not isinstance(role.raw, (list, dict)) or role.hosts or _bad_hosts(role):
            continue
        if role.name == draft.primary:
            how = f'write them like "{role.name}: [192.0.2.1]"'
            yield Fault("has no hosts, and the primary role needs one", how, role.path)
        elif draft.raw.get("allow_empty_roles") is not True:
            how = 'add one, or write "allow_empty_roles: true" at the root'
            yield Fault("has no hosts", how, role.path)


def _no_primary(draft: Draft, known: list[str]) -> Fault:
    choice = " or ".join(f'"primary_role: {name}"' for name in known)
    if "primary_role" in draft.raw:
        what = f"names a role {draft.primary} that is not there"
        how = f"write {choice}" if known else f"add the role {draft.primary} to servers"
        return Fault(what, how, ("primary_role",))
    how = f"call a role {draft.primary}" + (f", or write {choice}" if known else "")
    return Fault(f"has no role {draft.primary}, which would be the primary one", how, ("servers",))


def _bad_hosts(role: DraftRole) -> bool:
    hosts: Any = role.raw if isinstance(role.raw, list) else role.section.get("hosts", [])
    return not isinstance(hosts, list) or bool(hosts)


def accessory_roles(draft: Draft) -> Iterator[Fault]:
    """Refuse unknown roles."""
    known = [role.name for role in draft.roles()]
    for name, raw in draft.accessories():
        key = "role" if "role" in raw else "roles"
        for role in names(raw, "role", "roles"):
            if role not in known:
                how = f"write {' or '.join(known)}" if known else "write host or hosts"
                yield Fault(
                    f"names a role {role} that is not there", how, ("accessories", name, key)
                )


def minimum_version(draft: Draft) -> Iterator[Fault]:
    """Refuse a version that is not supported yet."""
    wanted = draft.raw.get("minimum_version")
    if not isinstance(wanted, (str, int, float, bool)) or wanted is False:
        return
    path = ("minimum_version",)
    if not is_version(to_s(wanted)):
        yield Fault("should be a version", 'write it like "minimum_version: 2.8.0"', path)
    elif newer(to_s(wanted), KAMAL):
        what = f"needs Kamal {to_s(wanted)}, kamalpy supports {KAMAL}"
        yield Fault(what, "use a newer kamalpy, or lower it", path)


def retired_hooks(draft: Draft, context: Context) -> Iterator[Fault]:
    """Find hooks of Kamal 1."""
    folder = draft.raw.get("hooks_path")
    hooks = Path(folder if isinstance(folder, str) else ".kamal/hooks")
    for name in RETIRED:
        if context.root is not None and is_there(context.root / hooks / name):
            new = name.replace("traefik", "proxy")
            yield Fault(f"holds {name}, a hook of Kamal 1", f"rename it to {new}", ("hooks_path",))


def local_registry(draft: Draft) -> Iterator[Fault]:
    """Require SSH for a remote builder with a registry on this machine."""
    builder = as_dict(draft.raw.get("builder"))
    remote = builder.get("remote")
    if is_blank(remote) or not is_local(as_dict(draft.raw.get("registry")).get("server")):
        return
    arch = builder.get("arch")
    arches = arch if isinstance(arch, list) else [arch]
    used = builder.get("local") is False or any(arch != architecture() for arch in arches)
    if used and not re.fullmatch(r"ssh://\S+", to_s(remote)):
        how = 'write it like "remote: ssh://user@host"'
        yield Fault("should be reached by SSH, the registry is local", how, ("builder", "remote"))
