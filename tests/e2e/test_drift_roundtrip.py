"""Whatever is written and run is found again as it was written: no difference, on a real engine."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lab.host import Host
from lab.servers import Servers
from pyinfra.api.command import StringCommand
from pyinfra.connectors.util import make_unix_command  # noqa: TID251

from kamalpy.commands import container, file
from kamalpy.commands.audit import Event
from kamalpy.facts.state import HostFacts
from kamalpy.secrets import Secret
from kamalpy.spec import env_file
from kamalpy.spec.container import ContainerSpec
from kamalpy.spec.options import READERS
from kamalpy.spec.state import HostState

IMAGE = "postgres:15"  # brings variables, a volume, an entrypoint and a stop signal
PLAIN = ContainerSpec(
    name="drift",
    image=IMAGE,
    command=("sleep", "1000"),
    labels={"service": "drift"},
    network="bridge",
    restart="no",
    env_file=".kamal/apps/drift/env/accessories/drift.env",
)
KEY = "a key"

# every flag that can be read back, but for one that takes more of a machine than all have
FLAGS: dict[str, object] = {
    "add-host": ["db:10.0.0.5", "gw:host-gateway"],
    "cap-add": "net_admin",
    "cap-drop": ["MKNOD"],
    "cpu-period": 50000,
    "cpu-quota": "25000",
    "cpu-shares": 512,
    "cpuset-cpus": 0,
    "cpuset-mems": "0",
    "dns": ["1.1.1.1", "8.8.8.8"],
    "dns-search": "example.com",
    "entrypoint": "sleep",
    "group-add": [29],
    "health-cmd": "test -e '/a b'",
    "health-interval": "1m30s",
    "health-retries": 3,
    "health-start-period": "5s",
    "health-timeout": "500ms",
    "init": True,
    "memory": "0.25G",
    "memory-reservation": "32MB",
    "pids-limit": 100,
    "read-only": True,
    "security-opt": ["no-new-privileges:true"],
    "shm-size": "1g",
    "stop-signal": "SIGINT",
    "stop-timeout": 42,
    "sysctl": "net.core.somaxconn=1024",
    "tty": True,
    "ulimit": ["nofile=1024:2048", "nproc=1000"],
    "user": "1000:1000",
    "workdir": "/tmp/",
}


@pytest.fixture(scope="module")
def host(fleet: Servers) -> Iterator[Host]:
    """A server whose containers go when a test has looked at them."""
    yield fleet[0]
    fleet[0].sh("docker rm --force --volumes drift")


def tell(host: Host, command: StringCommand, stdin: str = "") -> str:
    """Have a command done as pyinfra does it."""
    whole = make_unix_command(command).get_raw_value()
    return host.sh(f"cd && printf '%s\\n' {shlex.quote(stdin)} | {whole}")


def differences(host: Host, spec: ContainerSpec) -> list[str]:
    """Run a container, and compare it with what was written."""
    files = env_file.files(spec.env_file or "", spec.secrets)
    put = file.put(files)
    tell(host, put, "".join(put.connector_arguments["_stdin"]))
    host.sh("docker rm --force --volumes drift")
    tell(host, container.replace(spec, Event("")))
    return read(host, spec)


def read(host: Host, spec: ContainerSpec) -> list[str]:
    asked = HostFacts().command(services=["drift"], images=[IMAGE], clear=list(spec.env))
    state = HostState.from_facts(HostFacts().process(tell(host, asked, KEY).split("\n")[:-1]), KEY)
    found = state.container("drift")
    assert found is not None
    return [str(change) for change in spec.drift(found, state)]


def test_every_flag(host: Host) -> None:
    assert {*FLAGS, "cpus", "privileged"} == {*READERS}

    spec = replace(PLAIN, command=("1000",), options=FLAGS)

    assert differences(host, spec) == []


@pytest.mark.parametrize(
    "options",
    [
        {"cpus": 0.5, "memory": 67108864, "pids-limit": -1},
        {"pid": "host", "ipc": "host"},
        {"no-healthcheck": True},
        {"tmpfs": ["/a", "/b:size=1m"], "device": "/dev/null:/dev/x", "oom-kill-disable": True},
        {"workdir": "/srv/a", "tmpfs": "/srv/b"},
        {
            "env": ["A=1", "B="],
            "hostname": "other",
            "label": "a=b",
            "log-opt": "max-file=3",
            "publish": ["14000:4000", "127.0.0.1:14001:4001/udp"],
            "restart": "on-failure:3",
            "volume": ["/tmp:/mnt:ro", "named:/named"],
        },
    ],
    ids=lambda options: ",".join(options),
)
def test_some_flags(host: Host, options: dict[str, object]) -> None:
    assert differences(host, replace(PLAIN, options=options)) == []


@pytest.mark.parametrize(
    "volume",
    [
        "~/a:/a",
        "./a b:/b:ro",
        "$PWD/a:/c",
        "${HOME}/a:/d:rw",
        "a/b:/e",
        "named:/f",
        "/g",
        "/mnt:/h:z",
    ],
)
def test_volumes(host: Host, volume: str) -> None:
    assert differences(host, replace(PLAIN, volumes=(volume,))) == []


@pytest.mark.parametrize(
    "port",
    [
        "14000",
        "14000:80",
        "0.0.0.0:14000:80",
        "127.0.0.1:14000:80/udp",
        "127.0.0.1::80",
        "14000-14001:80-81",
        "14000-14009:80",
    ],
)
def test_ports(host: Host, port: str) -> None:
    assert differences(host, replace(PLAIN, ports=(port,))) == []


def test_what_the_image_brings_may_be_written_as_well(host: Host) -> None:
    brought = dict(each.split("=", 1) for each in host.image(IMAGE)["Config"]["Env"])
    clear, secret = {"LANG": brought["LANG"]}, {"PGDATA": Secret.of("PGDATA", brought["PGDATA"])}

    spec = replace(PLAIN, env=clear, secrets=secret)

    assert differences(host, spec) == []
    assert read(host, replace(spec, env={"LANG": "C"})) == [f"env/LANG: {brought['LANG']} -> C"]


TEXT = st.text(
    st.characters(codec="utf-8", exclude_characters="\0")
    | st.sampled_from("'\"\\$`{}()*;&|<>\n\r\t #=-%"),
    max_size=30,
).filter(lambda text: "${" not in text)
NAME = st.from_regex(r"[A-Z][A-Z0-9_]{0,8}", fullmatch=True)


@st.composite
def specs(draw: st.DrawFn) -> ContainerSpec:
    """Anything that may be in the words of a container."""
    env = draw(st.dictionaries(NAME, TEXT, max_size=4))
    secrets = draw(st.dictionaries(NAME, TEXT, max_size=4))
    labels = draw(st.dictionaries(NAME, TEXT, max_size=3))
    return replace(
        PLAIN,
        command=("sleep", "1000", *draw(st.lists(TEXT, max_size=3))),
        env=env,
        secrets={name: Secret.of(name, value) for name, value in secrets.items()},
        labels={**PLAIN.labels, **labels},
        log_options={"tag": draw(st.sampled_from(["x", "${HOME}", "a b"]))},
        hostname=draw(st.none() | st.just("h1-")),
        options={
            "health-cmd": draw(TEXT.filter(bool)),
            "tmpfs": draw(st.lists(st.sampled_from(["/a", "/b:size=1m", "/c d"]), unique=True)),
        },
    )


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(spec=specs())
def test_any_words(host: Host, spec: ContainerSpec) -> None:
    # sleep would end at once if it were given more words: a shell is not, and looks at none
    running = replace(spec, command=("sh", "-c", "sleep 1000", *spec.command))

    assert differences(host, running) == []
