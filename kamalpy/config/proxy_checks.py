"""Checks of the proxies of roles and accessories against the root's and each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from kamalpy.config.document.nodes import Path
from kamalpy.config.document.ruby import is_blank
from kamalpy.config.draft import Draft, DraftRole, as_dict
from kamalpy.config.faults import Fault
from kamalpy.config.proxy import ProxySection


def proxy_faults(draft: Draft) -> Iterator[Fault]:
    """Run every check of proxies that can be read."""
    proxied = list(_merged(draft))
    for role, raw, section in proxied:
        yield from _overlaid(draft, role, raw)
        if section is not None:
            yield from _one_host(role, section)
    ready = [(role, section) for role, _, section in proxied if section is not None]
    yield from _shared_names(ready)
    yield from _runs(draft)


def _merged(draft: Draft) -> Iterator[tuple[DraftRole, Mapping[str, Any], ProxySection | None]]:
    for role in draft.roles():
        raw = draft.proxy_of(role)
        if raw is not None:
            yield role, raw, _valid(raw)


def _valid(raw: Any) -> ProxySection | None:
    try:
        return ProxySection.model_validate(raw)
    except ValidationError:
        return None


def _overlaid(draft: Draft, role: DraftRole, merged: Mapping[str, Any]) -> Iterator[Fault]:
    """Find mistakes that neither of two proxies has, but both together."""
    own = role.section.get("proxy")
    parts = (draft.raw.get("proxy", {}), own)
    if not isinstance(own, dict) or any(_valid(part) is None for part in parts):
        return
    try:
        ProxySection.model_validate(merged)
    except ValidationError as error:
        for fault in (Fault.read(details) for details in error.errors()):
            key = str(fault.path[0]) if fault.path else ""
            what = f"does not go with proxy at the root: {key} {fault.what}"
            how = "write both with host, or both with hosts" if key == "hosts" else fault.how
            path = (*role.path, "proxy", *([key] if key in own else []))
            yield Fault(what, how, path, other=("proxy",))


def _one_host(role: DraftRole, section: ProxySection) -> Iterator[Fault]:
    if section.tls and not section.custom_certificate and len(role.hosts) > 1:
        what = f"has {len(role.hosts)} hosts, and a certificate of Let's Encrypt serves one only"
        how = "keep one host, or write certificate_pem and private_key_pem under proxy/ssl"
        yield Fault(what, how, role.path)


def _shared_names(proxied: list[tuple[DraftRole, ProxySection]]) -> Iterator[Fault]:
    first: dict[str, DraftRole] = {}
    for role, section in proxied:
        for name in section.hosts if section.tls else ():
            if name not in first:
                first[name] = role
            elif first[name] is role:
                yield Fault(f"names {name} twice", "write it once", _proxy_path(role))
            else:
                what = f"shares {name} with {first[name].name}, and ssl needs a name for each role"
                how = "give each a host of its own under its proxy"
                yield Fault(what, how, _proxy_path(role), other=_proxy_path(first[name]))


def _proxy_path(role: DraftRole) -> Path:
    return (*role.path, "proxy") if "proxy" in role.section else role.path


def _runs(draft: Draft) -> Iterator[Fault]:
    first: dict[str, tuple[str, Path, Mapping[str, Any]]] = {}
    for name, hosts, path, run in _containers(draft):
        for host in hosts:
            other, place, wanted = first.setdefault(host, (name, path, run))
            if wanted != run:
                what = f"differs from what {other} wants, and {host} has one proxy for both"
                yield Fault(what, "write the same run for both", path, other=place)
                break


def _containers(draft: Draft) -> Iterator[tuple[str, list[str], Path, Mapping[str, Any]]]:
    for role in draft.roles():
        run = as_dict(draft.proxy_of(role)).get("run")
        if isinstance(run, dict) and run:
            yield role.name, role.hosts, (*_proxy_path(role), "run"), run
    for name, raw in draft.accessories():
        run = as_dict(raw.get("proxy")).get("run")
        if isinstance(run, dict) and not is_blank(run):
            yield name, draft.accessory_hosts(raw), ("accessories", name, "proxy", "run"), run
