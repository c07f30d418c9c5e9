"""pyinfra's own command line: its flags, its exit status, and signals."""

from __future__ import annotations

import signal
from typing import Any

import pytest

V1 = {"h1.test": ["blog-web-v1"], "h2.test": ["blog-web-v1"], "h3.test": ["blog-job-v1"]}
V2 = {"h1.test": ["blog-web-v2"], "h2.test": ["blog-web-v2"], "h3.test": ["blog-job-v2"]}
DEPLOY = ("kamalpy.deploys:deploy", "-y")


def test_all_goes_well(deployed: Any) -> None:
    done = deployed.pyinfra(*DEPLOY)

    assert (done.status, deployed.running()) == (0, V2)


def test_a_failure_is_an_exit_status(deployed: Any) -> None:
    done = deployed.pyinfra(*DEPLOY, faults="h2.test:boot")

    assert (done.status, deployed.running()) == (1, V1)
    assert done.text.count("Nothing is deployed, since this failed: Boot v2 on h2.test") == 3
    assert "Traceback" not in done.text


@pytest.mark.parametrize("flag", ["--serial", "--no-wait"])
def test_flags_that_take_hosts_out_of_step(deployed: Any, flag: str) -> None:
    done = deployed.pyinfra(*DEPLOY, flag)

    assert (done.status, done.commands(), deployed.running()) == (1, [], V1)
    assert (
        f"{flag} takes hosts out of step, but a deploy is all or nothing: leave it out" in done.text
    )
    assert "Traceback" not in done.text


def test_one_host_at_a_time(deployed: Any) -> None:
    done = deployed.pyinfra(*DEPLOY, "--parallel", "1")

    assert (done.status, deployed.running()) == (0, V2)


def test_stop_at_the_first_failed_host(deployed: Any) -> None:
    done = deployed.pyinfra(*DEPLOY, "--fail-percent", "0", faults="h3.test:boot")

    assert (done.status, deployed.running()) == (1, V1)
    assert "lock" not in deployed.world["h1.test"]


@pytest.mark.parametrize(
    ("limit", "hosts"),
    [
        ("h2.test", {"h2.test"}),
        ("web", {"h1.test", "h2.test"}),
        ("job", {"h3.test"}),
        ("primary", {"h1.test"}),
    ],
)
def test_some_hosts_only(deployed: Any, limit: str, hosts: set[str]) -> None:
    done = deployed.pyinfra(*DEPLOY, "--limit", limit)

    assert done.status == 0
    assert {host for host, _ in done.told} == hosts
    assert deployed.running() == {host: (V2 if host in hosts else V1)[host] for host in V1}
    (locked,) = {host for host, _ in done.commands("acquire", "release")}
    assert locked == min(hosts)


def test_a_version_that_pyinfra_has_read_as_a_number(deployed: Any) -> None:
    done = deployed.pyinfra("kamalpy.deploys:deploy", "version=1.10", "-y")

    assert (done.status, done.commands()) == (1, [])
    assert "version: 1.1 is not text" in done.text
    assert "set VERSION in the environment instead" in done.text


def test_a_version_as_an_argument(deployed: Any) -> None:
    done = deployed.pyinfra("kamalpy.deploys:deploy", 'version="1.10"', "-y")

    assert done.status == 0
    assert deployed.running()["h1.test"] == ["blog-web-1.10"]


def test_taking_the_lock_from_somebody(deployed: Any) -> None:
    deployed.hold_lock()

    done = deployed.pyinfra("kamalpy.deploys:lock_release", "-y")

    assert (done.status, done.commands()) == (0, [("h1.test", "release")])
    assert "lock" not in deployed.world["h1.test"]


def test_nobody_holds_the_lock(deployed: Any) -> None:
    done = deployed.pyinfra("kamalpy.deploys:lock_release", "-y", "-v")

    assert (done.status, done.commands()) == (0, [])
    assert "there is no deploy lock" in done.text


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(
    ("fault", "command"),
    [
        ("h1.test:pull:hang", "pull"),
        ("h3.test:boot:hang", "boot"),
        ("h2.test:switch:hang", "switch"),
    ],
)
def test_somebody_interrupts(deployed: Any, fault: str, command: str, number: int) -> None:
    begin = len(deployed.told(0))
    process = deployed.start(*DEPLOY, faults=fault)
    deployed.wait_for(process, begin, command)

    process.send_signal(number)
    text = process.communicate(timeout=30)[0]

    assert process.returncode == 128 + number, text
    assert deployed.running() == V1
    assert deployed.served() == {"h1.test": "blog-web-v1", "h2.test": "blog-web-v1"}
    assert not any(has["markers"] or "lock" in has for has in deployed.world.values())
    assert "taking it back, and releasing its lock" in text
    assert "Traceback" not in text


@pytest.mark.parametrize("how", ["slow", "unheard"])
def test_somebody_interrupts_while_the_lock_is_taken(deployed: Any, how: str) -> None:
    begin = len(deployed.told(0))
    process = deployed.start(*DEPLOY, faults=f"h1.test:acquire:{how}")
    deployed.wait_for(process, begin, "acquire")

    process.send_signal(signal.SIGINT)
    text = process.communicate(timeout=30)[0]

    assert process.returncode == 130, text
    assert [words[0] for _, words in deployed.told(begin)][-2:] == ["acquire", "release"]
    assert "lock" not in deployed.world["h1.test"]


def test_somebody_interrupts_when_there_is_no_way_back(deployed: Any) -> None:
    begin = len(deployed.told(0))
    process = deployed.start(*DEPLOY, faults="h2.test:retire:hang")
    deployed.wait_for(process, begin, "retire")

    process.send_signal(signal.SIGINT)
    text = process.communicate(timeout=90)[0]

    assert process.returncode == 130, text
    assert deployed.running()["h1.test"] == ["blog-web-v2"]
    assert "lock" not in deployed.world["h1.test"]
    assert "finishing it, and releasing its lock" in text


def test_somebody_interrupts_when_each_host_stands_for_itself(deployed: Any) -> None:
    deployed.configure(**{"x-kamalpy": {"build": False, "atomic": False}})
    begin = len(deployed.told(0))
    process = deployed.start(*DEPLOY, faults="h2.test:switch h3.test:retire:hang")
    deployed.wait_for(process, begin, "retire")

    process.send_signal(signal.SIGINT)
    text = process.communicate(timeout=90)[0]

    assert process.returncode == 130, text
    assert deployed.running() == {
        "h1.test": ["blog-web-v2"],
        "h2.test": ["blog-web-v1"],
        "h3.test": ["blog-job-v2"],
    }
    assert not any(has["markers"] or "lock" in has for has in deployed.world.values())


def test_a_proxy_that_is_not_there_yet(deployed: Any) -> None:
    deployed.configure(**{"x-kamalpy": {"proxy": "traefik"}})
    lines = (deployed.folder / "config/deploy.yml").read_text().splitlines()
    line = lines.index("  proxy: traefik")

    done = deployed.pyinfra(*DEPLOY)

    assert (done.status, done.commands()) == (1, [])
    assert (
        f"config/deploy.yml:{line + 1}: x-kamalpy/proxy: traefik cannot be deployed to yet; leave "
        "it out, and kamal-proxy routes the traffic"
    ) in done.text
    assert "Traceback" not in done.text


def test_an_accessory_with_an_own_certificate(deployed: Any) -> None:
    ssl = {"certificate_pem": "TOKEN", "private_key_pem": "TOKEN"}
    proxy = {"host": "db.test", "ssl": ssl}
    db = {"image": "db:1", "host": "h1.test", "proxy": proxy}
    deployed.configure(accessories={"db": db})

    done = deployed.pyinfra(*DEPLOY)

    assert (done.status, done.commands()) == (1, [])
    assert "accessories/db/proxy/ssl: an own certificate is only served for roles yet" in done.text


def test_an_output_that_pyinfra_does_not_write(deployed: Any) -> None:
    deployed.configure(output={"file": {"path": "log"}})

    done = deployed.pyinfra(*DEPLOY)

    assert done.status == 0
    assert done.text.count("output: has no effect here, pyinfra writes its own log") == 1


@pytest.mark.parametrize(
    ("registry", "said"),
    [
        ({"server": "localhost:5000"}, "and the account for localhost:5000"),
        (None, "check that acme/blog:v2 exists, and the account for Docker Hub"),
    ],
)
def test_what_to_do_about_an_image_that_is_not_there(
    deployed: Any, registry: dict[str, Any] | None, said: str
) -> None:
    login = {"username": "acme", "password": ["TOKEN"]}
    deployed.configure(registry=registry or login)

    deployed.pyinfra(*DEPLOY)

    pulls = [words for _, words in deployed.told(0) if words[0] == "pull" and ":v2" in words[1]]
    assert pulls
    assert all(any(said in word for word in words) for words in pulls)
