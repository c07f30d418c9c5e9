"""Configurations to ask the real Kamal about: mostly good, here and there broken."""

from __future__ import annotations

import json
from typing import Any

import yaml
from hypothesis import strategies as st

Values = st.SearchStrategy[Any]

WORD = st.sampled_from(["a", "b", "a-b_c", "x.example.com", "1.2.3", "v1", "yes please"])
STRANGE = st.sampled_from([None, [], {}, "", " ", 5, -1, 1.5, True, False, "5", ["a"], {"a": "b"}])


def kind(good: Values, *bad: Any) -> Values:
    """Values of one kind: one in forty of another."""
    return st.integers(0, 39).flatmap(lambda dice: st.sampled_from(bad) if dice == 1 else good)


TEXT = kind(WORD | st.sampled_from(["5", ""]), None, [], {}, ["a"])
SCALAR = WORD | st.sampled_from([5, 1.5, True, "5", "0640"])
PLAIN = kind(SCALAR, None, [], {})
NUMBER = kind(st.sampled_from([1, 30, 8080]), "30", 1.5, None, True, [1])
SWITCH = kind(st.booleans(), "true", 1, None, [])
NAMES = kind(st.lists(WORD, max_size=3), "a", None, {}, [None], [["a"]], [{}])
TABLE = kind(st.dictionaries(WORD, WORD, max_size=3), None, [], "a", {"A": None}, {"A": []})
LOOSE = kind(st.dictionaries(WORD, SCALAR | st.none(), max_size=3), None, [], "a")
HOSTS = kind(
    st.lists(
        st.sampled_from(["h1", "h2", "h3", {"h1": "t1"}, {"h2": ["t1", "t2"]}]),
        min_size=1,
        max_size=3,
    ),
    *(None, [], "h1", {}, [[]], [{}], [{"a": "b", "c": "d"}], [{"a": None}], [{"a": {}}]),
)
OPTIONS = kind(
    st.dictionaries(WORD, WORD | st.booleans() | st.integers() | st.lists(WORD), max_size=3),
    *(None, [], "a"),
)


def section(keys: dict[str, Values], *bad: Any, always: tuple[str, ...] = ()) -> Values:
    """A mapping with some of its keys, rarely with one that does not exist."""
    required = {key: keys[key] for key in always}
    optional = {key: values for key, values in keys.items() if key not in always}
    some = st.lists(st.sampled_from([*optional, "unknown", "x-key"]), max_size=3, unique=True)
    mappings = some.flatmap(
        lambda chosen: st.fixed_dictionaries(
            {**required, **{key: optional.get(key, STRANGE) for key in _rarely(chosen)}}
        )
    )
    return kind(mappings, *(bad or (None, [], "a", 5)))


def _rarely(chosen: list[str]) -> list[str]:
    """Keep a key that does not exist only when it is the only one: most sections are good."""
    known = [key for key in chosen if key not in ("unknown", "x-key")]
    return known or chosen


ENV = (
    TABLE
    | section({"clear": TABLE, "secret": NAMES})
    | section({"clear": TABLE, "secret": NAMES, "tags": st.dictionaries(WORD, TABLE, max_size=2)})
)
RUN = section(
    {
        "publish": SWITCH,
        "http_port": NUMBER,
        "https_port": NUMBER,
        "metrics_port": NUMBER,
        "debug": SWITCH,
        "log_max_size": TEXT,
        "registry": TEXT,
        "repository": TEXT,
        "version": TEXT,
        "options": OPTIONS,
        "bind_ips": st.sampled_from([["192.0.2.1"], ["::1"], [], None, "a"]),
    }
)
SSL = kind(
    st.booleans()
    | st.just({"certificate_pem": "A", "private_key_pem": "B"})
    | st.just({"certificate_pem": "A"})
    | st.just({}),
    *(None, "true", []),
)
PROXY = section(
    {
        "host": kind(st.sampled_from(["a.example.com", "b.example.com", "a,b", ""]), None, []),
        "hosts": kind(st.lists(WORD, max_size=2, unique=True), None, "a", {}),
        "app_port": NUMBER,
        "ssl": SSL,
        "ssl_redirect": SWITCH,
        "forward_headers": SWITCH,
        "response_timeout": NUMBER,
        "path_prefix": TEXT,
        "path_prefixes": NAMES,
        "strip_path_prefix": SWITCH,
        "run": RUN,
        "healthcheck": section({"interval": NUMBER, "timeout": NUMBER, "path": TEXT}),
        "buffering": section({"requests": SWITCH, "responses": SWITCH, "memory": NUMBER}),
        "logging": section({"request_headers": NAMES, "response_headers": NAMES}),
    }
)
LOGGING = section({"driver": TEXT, "options": LOOSE})
ROLE = HOSTS | section(
    {
        "hosts": HOSTS,
        "cmd": PLAIN,
        "options": OPTIONS,
        "logging": LOGGING,
        "proxy": PROXY | SWITCH,
        "labels": TABLE,
        "env": ENV,
        "asset_path": TEXT,
    },
    always=("hosts",),
)
SERVERS = HOSTS | st.fixed_dictionaries(
    {"web": ROLE}, optional={"jobs": ROLE, "api": ROLE, "Web": ROLE}
)
REGISTRY = st.fixed_dictionaries(
    {
        "username": kind(WORD, None, "", ["A", "B"], {}, 5),
        "password": kind(st.just(["PASSWORD"]), None, "", ["A", "B"], {}, True),
    },
    optional={"server": kind(st.sampled_from(["ghcr.io", "localhost:5000"]), [], {}, 5)},
)
PLACES = {
    "host": kind(WORD, None, [], {}),
    "hosts": st.lists(WORD, min_size=1, max_size=2, unique=True),
    "role": st.sampled_from(["web", "jobs"]),
    "roles": st.lists(st.sampled_from(["web", "jobs"]), max_size=2, unique=True),
}
ACCESSORY = st.sampled_from(sorted(PLACES)).flatmap(
    lambda place: section(
        {
            "image": TEXT,
            place: PLACES[place],
            "service": TEXT,
            "cmd": PLAIN,
            "port": PLAIN,
            "labels": TABLE,
            "options": OPTIONS,
            "env": ENV,
            "volumes": NAMES,
            "network": TEXT,
            "proxy": PROXY,
            "registry": REGISTRY,
            "files": st.sampled_from([["a:/b"], [{"local": "a", "remote": "/b"}], None, "a"]),
            "directories": st.sampled_from([["a:/b"], [{"local": "a", "remote": "/b"}], {}, [[]]]),
        },
        always=("image", place),
    )
)
BUILDER = section(
    {
        "arch": kind(st.sampled_from(["amd64", ["amd64"], ["amd64", "arm64"]]), None, "", [], {}),
        "remote": st.sampled_from(["ssh://user@builder", False, None, {}]),
        "local": SWITCH,
        "context": TEXT,
        "dockerfile": TEXT,
        "target": TEXT,
        "args": TABLE,
        "secrets": NAMES,
        "ssh": TEXT,
        "driver": TEXT,
        "provenance": TEXT,
        "sbom": SWITCH,
        "cache": section({"type": st.sampled_from(["gha", "registry", "s3"]), "image": TEXT}),
        "pack": section({"builder": TEXT, "buildpacks": NAMES}),
    },
    always=("arch",),
)
SSH = section(
    {
        "user": TEXT,
        "port": st.sampled_from([22, "2222", None, []]),
        "keys_only": SWITCH,
        "proxy": st.sampled_from(["jump", "a@jump", None, {}]),
        "proxy_command": TEXT,
        "log_level": st.sampled_from(["debug", "FATAL", "loud", None]),
        "keys": NAMES,
        "config": st.sampled_from([True, False, "a", ["a"], 5, None, [[]]]),
    }
)
ROOT = {
    "service": kind(st.sampled_from(["blog", "My_app-1"]), None, "", "a.b", [], 5),
    "image": kind(WORD, None, "", [], {}),
    "servers": SERVERS,
    "registry": REGISTRY,
    "builder": BUILDER,
}
MORE = {
    "labels": st.dictionaries(WORD, WORD, max_size=2),
    "volumes": NAMES,
    "asset_path": TEXT,
    "env": ENV,
    "proxy": PROXY,
    "ssh": SSH,
    "logging": LOGGING,
    "secrets_path": TEXT,
    "require_destination": SWITCH,
    "allow_empty_roles": SWITCH,
    "error_pages_path": TEXT,
    "accessories": kind(st.dictionaries(WORD, ACCESSORY, max_size=2), None, [], "a"),
    "primary_role": kind(st.sampled_from(["web", "jobs", "Web"]), None, [], {}),
    "retain_containers": kind(st.sampled_from([1, 5]), 0, "5", None),
    "readiness_delay": NUMBER,
    "deploy_timeout": NUMBER,
    "drain_timeout": NUMBER,
    "run_directory": TEXT,
    "minimum_version": kind(st.sampled_from(["1.0", "2.11.0", "2.0.rc1", "2.1"]), "x", "3.0", []),
    "hooks_output": st.sampled_from(["quiet", {"pre-deploy": "verbose"}, "loud", None, []]),
    "boot": section({"limit": st.sampled_from([3, "25%", None, []]), "wait": NUMBER}),
    "sshkit": section({"max_concurrent_starts": NUMBER, "pool_idle_timeout": NUMBER}),
    "aliases": kind(st.dictionaries(WORD, TEXT, max_size=2), None, [], {"deploy": "a"}),
    "x-anything": STRANGE,
    "unknown": STRANGE,
    "traefik": STRANGE,
}
"""Keys of Kamal 2.11; those of 2.12 alone (stop_timeout, output) it would refuse."""


def _written(value: Any) -> st.SearchStrategy[str]:
    block = yaml.safe_dump(value, sort_keys=False)
    return st.sampled_from([block, json.dumps(value)])


def _some(keys: dict[str, Values], most: int) -> Values:
    chosen = st.lists(st.sampled_from(sorted(keys)), max_size=most, unique=True)
    return chosen.flatmap(lambda names: st.fixed_dictionaries({name: keys[name] for name in names}))


def _without_orphans(value: dict[str, Any]) -> dict[str, Any]:
    """Leave out accessories without servers: to print such a file is beyond Kamal."""
    if "servers" not in value:
        value.pop("accessories", None)
    return value


BASES = (
    st.tuples(
        st.fixed_dictionaries(ROOT),
        _some(MORE, 4),
        kind(st.just(()), *((key,) for key in ROOT)),
    )
    .map(lambda parts: {k: v for k, v in {**parts[0], **parts[1]}.items() if k not in parts[2]})
    .map(_without_orphans)
    .flatmap(_written)
)
OTHERS = _some({**ROOT, **MORE}, 2).flatmap(_written)
FILES = st.tuples(BASES, st.none() | st.none() | OTHERS)
"""The text of deploy.yml and, for one in three, of the destination's file."""
