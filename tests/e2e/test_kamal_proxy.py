"""
The contract of kamal-proxy v0.9.2, as far as deploys lean on it.

Played with the stand-in, or with the program that ``KAMAL_PROXY_EXECUTABLE`` names: the real one
passes as well. Needs neither Docker nor root. What is said one after the other stands in
``kamal_proxy/contract/conversations``; here is what goes on at the same time.
"""

from __future__ import annotations

import json
import os
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from kamal_proxy.contract import files
from kamal_proxy.contract.app import App
from kamal_proxy.contract.conversation import Scene, play
from kamal_proxy.contract.load import load
from kamal_proxy.contract.proxy import Answer, Proxy, ask

Begin = Callable[..., "Future[Any]"]

EXECUTABLE = os.environ.get("KAMAL_PROXY_EXECUTABLE")
CONVERSATIONS = sorted(Path(files.__file__).parent.glob("conversations/*.txt"))
SOCKET = "GET /socket HTTP/1.1\r\nHost: shop.test\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n"


@pytest.fixture
def idle_proxy(tmp_path: Path) -> Iterator[Proxy]:
    """A proxy that does not run yet."""
    home = tmp_path / "home"
    home.mkdir()
    proxy = Proxy(EXECUTABLE, home)
    yield proxy
    proxy.kill()


@pytest.fixture
def own_proxy(idle_proxy: Proxy) -> Proxy:
    """A proxy that runs for one test alone."""
    idle_proxy.start()
    return idle_proxy


@pytest.fixture(scope="module")
def shared_proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """A proxy that runs for all tests."""
    proxy = Proxy(EXECUTABLE, tmp_path_factory.mktemp("home"))
    proxy.start()
    yield proxy
    proxy.kill()


@pytest.fixture
def proxy(shared_proxy: Proxy) -> Iterator[Proxy]:
    """A proxy that runs, and knows of nothing."""
    shared_proxy.forget_log()
    yield shared_proxy
    for name in shared_proxy.services():
        shared_proxy("remove", name)


@pytest.fixture
def apps() -> Iterator[dict[str, App]]:
    """Three apps."""
    apps = {name: App(name) for name in ("one", "two", "three")}
    yield apps
    for app in apps.values():
        app.die()


@pytest.fixture
def one(apps: dict[str, App]) -> App:
    return apps["one"]


@pytest.fixture
def two(apps: dict[str, App]) -> App:
    return apps["two"]


@pytest.fixture
def meanwhile() -> Iterator[Begin]:
    """Begin something beside what comes next, and give it a moment to get going."""
    with ThreadPoolExecutor() as pool:

        def begin(work: Callable[..., Any], *words: str) -> Future[Any]:
            future = pool.submit(work, *words)
            time.sleep(0.5)
            return future

        yield begin


@pytest.mark.parametrize("script", CONVERSATIONS, ids=lambda path: path.stem)
def test_conversation(script: Path, proxy: Proxy, apps: dict[str, App], tmp_path: Path) -> None:
    files.write_all(tmp_path)
    text = script.read_text("utf-8")
    assert text == play(text, Scene(proxy, apps, tmp_path))


@pytest.mark.skipif(EXECUTABLE is not None, reason="only the stand-in has to say so")
def test_says_what_it_is(own_proxy: Proxy) -> None:
    first = json.loads(own_proxy.lines()[0])["msg"]
    assert first == "This is a stand-in for kamal-proxy v0.9.2, for tests"


def test_nobody_listens(idle_proxy: Proxy) -> None:
    path = idle_proxy.socket_path
    error = f"Error: dial unix {path}: connect: no such file or directory\n"
    assert idle_proxy("list") == Answer(1, "", error)
    with socket.socket(socket.AF_UNIX) as forgotten:
        forgotten.bind(str(path))
    error = f"Error: dial unix {path}: connect: connection refused\n"
    assert idle_proxy("deploy", "shop", "--target", "app:80") == Answer(1, "", error)


def test_port_is_taken(proxy: Proxy) -> None:
    answer = proxy("run")
    error = f"Error: listen tcp :{proxy.http}: bind: address already in use\n"
    assert (answer.status, answer.err) == (1, error)


def test_ports_come_from_the_environment(idle_proxy: Proxy) -> None:
    own = {"KAMAL_PROXY_HTTP_PORT": str(idle_proxy.http), "METRICS_PORT": str(idle_proxy.metrics)}
    idle_proxy.environment |= {"HTTP_PORT": "not a port", **own}
    idle_proxy.start()
    assert idle_proxy.get("shop.test/").status == 404


def test_list_is_coloured(proxy: Proxy, one: App) -> None:
    proxy.deploy("shop", one.address)
    first, second = proxy("list").out.splitlines()
    assert first.startswith("\x1b[3;94mService\x1b[0m  \x1b[3;94mHost\x1b[0m       ")
    assert second.startswith("\x1b[1;34mshop\x1b[0m     \x1b[mshop.test\x1b[0m  ")


def test_state_file_can_be_read_by_all(proxy: Proxy, one: App) -> None:
    proxy.deploy("shop", one.address)
    proxy("stop", "shop", "--message", "<later>")
    assert proxy.state.stat().st_mode == 0o100644
    assert proxy.state.parent.stat().st_mode == 0o40700
    assert "\\u003clater\\u003e" in proxy.state.read_text("utf-8")


def test_health_checks_have_their_user_agent_and_interval(proxy: Proxy, one: App) -> None:
    one.healthy = False
    proxy("deploy", "shop", "--target", one.address, "--deploy-timeout", "3s",
          "--health-check-interval", "1200ms", "--health-check-host", "health.test")  # fmt: skip
    said = [(check["User-Agent"], check["Host"]) for check in one.checks]
    assert said == [("kamal-proxy", "health.test")] * 3
    one.healthy = True
    proxy.deploy("shop", one.address, "--health-check-interval", "100ms")
    time.sleep(0.4)
    assert [check["Host"] for check in one.checks[3:]] == [one.address]


def test_old_requests_are_waited_for(proxy: Proxy, one: App, two: App, meanwhile: Begin) -> None:
    proxy.deploy("shop", one.address)
    slow = meanwhile(proxy.get, "shop.test/wait/1")
    proxy.deploy("shop", two.address)
    assert slow.done()
    assert slow.result().text == "one: waited\n"


def test_old_requests_are_cut_after_the_drain_timeout(
    proxy: Proxy, one: App, two: App, meanwhile: Begin
) -> None:
    proxy.deploy("shop", one.address)
    slow = meanwhile(proxy.get, "shop.test/wait/9")
    began = time.monotonic()
    proxy.deploy("shop", two.address, "--drain-timeout", "500ms")
    assert 0.5 <= time.monotonic() - began < 7
    assert slow.result().status == 504
    [entry] = proxy.log("Request cancelled due to draining")
    assert (entry["target"], entry["path"]) == (one.address, "/wait/9")


def test_sockets_are_tunnels_and_cut_at_once(proxy: Proxy, one: App, two: App) -> None:
    proxy.deploy("shop", one.address)
    with proxy.raw(SOCKET) as visitor:
        assert visitor.recv(1000).startswith(b"HTTP/1.1 101 Switching Protocols\r\n")
        for word in (b"hello", b"\x00\xff"):
            visitor.sendall(word)
            assert visitor.recv(1000) == b"one heard " + word
        began = time.monotonic()
        proxy.deploy("shop", two.address)
        assert visitor.recv(1000) == b""
        assert time.monotonic() - began < 10


def test_pause_holds_requests_until_resumed(proxy: Proxy, one: App, meanwhile: Begin) -> None:
    proxy.deploy("shop", one.address)
    slow = meanwhile(proxy.get, "shop.test/wait/1")
    proxy("pause", "shop")
    assert slow.result().text == "one: waited\n"
    held = meanwhile(proxy.get, "shop.test/held")
    assert not held.done()
    proxy("resume", "shop")
    assert held.result().text == "one: GET /held\n"


def test_stop_turns_held_requests_away(proxy: Proxy, one: App, meanwhile: Begin) -> None:
    proxy.deploy("shop", one.address)
    proxy("pause", "shop")
    held = meanwhile(proxy.get, "shop.test/held")
    proxy("stop", "shop")
    assert held.result().status == 503


def test_remove_lets_requests_go_on(proxy: Proxy, one: App, meanwhile: Begin) -> None:
    proxy.deploy("shop", one.address)
    slow = meanwhile(proxy.get, "shop.test/wait/1")
    proxy("remove", "shop")
    assert slow.result().text == "one: waited\n"


def test_ends_with_open_requests(own_proxy: Proxy, one: App, meanwhile: Begin) -> None:
    own_proxy.deploy("shop", one.address)
    with own_proxy.connection() as idle:
        ask(idle, "shop.test/")
        slow = meanwhile(own_proxy.get, "shop.test/wait/1")
        own_proxy.terminate()
        reply = slow.result()
        assert (reply.text, reply.headers["Connection"]) == ("one: waited\n", "close")
        assert own_proxy.wait() == 0
    assert own_proxy.log("Server stopped") == [{"level": "INFO", "msg": "Server stopped"}]
    assert not own_proxy.socket_path.exists()


def test_deploy_ends_with_the_server(own_proxy: Proxy, one: App, meanwhile: Begin) -> None:
    one.healthy = False
    waiting = meanwhile(own_proxy, "deploy", "shop", "--target", one.address)
    assert own_proxy.says("Healthcheck failed")
    own_proxy.stop()
    assert waiting.result() == Answer(1, "", "Error: unexpected EOF\n")


def test_visitors_who_leave_are_noticed(proxy: Proxy, one: App) -> None:
    proxy.deploy("shop", one.address)
    proxy.raw("GET /wait/5 HTTP/1.1\r\nHost: shop.test\r\n\r\n").close()
    [entry] = Scene(proxy, {}, proxy.home).news("Request")
    assert (entry["status"], entry["path"]) == (499, "/wait/5")


def test_responses_are_passed_on_as_they_come(proxy: Proxy, one: App) -> None:
    proxy.deploy("shop", one.address)
    with proxy.connection() as connection:
        connection.request("GET", "/stream", headers={"Host": "shop.test"})
        stream = connection.getresponse()
        times = []
        for number in range(3):
            assert stream.read(len("data: 0\n\n")) == f"data: {number}\n\n".encode()
            times.append(time.monotonic())
    assert times[2] - times[0] > 0.5


@pytest.mark.parametrize(("flags", "first"), [((), [b"first"]), (("--buffer-requests",), [])])
def test_request_bodies_are_passed_on_as_they_come_unless_buffered(
    proxy: Proxy, one: App, flags: tuple[str, ...], first: list[bytes]
) -> None:
    proxy.deploy("shop", one.address, *flags)
    head = "POST /upload HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 10\r\n\r\n"
    with proxy.raw(head + "first") as visitor:
        time.sleep(1)
        assert one.received == first
        visitor.sendall(b"later")
        assert visitor.recv(1000).startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"".join(one.received) == b"firstlater"


def test_connections_are_kept_on_both_sides(proxy: Proxy, one: App) -> None:
    proxy.deploy("shop", one.address)
    before = one.connections
    with proxy.connection() as connection:
        texts = {ask(connection, f"shop.test/{number % 3}").text for number in range(30)}
        local_port = connection.sock.getsockname()[1]
        ask(connection, "shop.test/")
        assert connection.sock.getsockname()[1] == local_port
    assert texts == {"one: GET /0\n", "one: GET /1\n", "one: GET /2\n"}
    assert one.connections == before + 1


def test_targets_may_hang_up_between_requests(proxy: Proxy, one: App) -> None:
    proxy.deploy("shop", one.address)
    with proxy.connection() as connection:
        for _ in range(10):
            assert ask(connection, "shop.test/").status == 200
            one.hang_up()


def test_tls_with_a_certificate_from_files(proxy: Proxy, one: App, tmp_path: Path) -> None:
    files.write_certificate(tmp_path, "shop.test")
    pair = ("--tls-certificate-path", "shop.crt", "--tls-private-key-path", "shop.key")
    proxy.deploy(
        "shop", one.address, "--tls", *(w.replace("shop.", f"{tmp_path}/shop.") for w in pair)
    )
    trusted = ssl.create_default_context(cafile=str(tmp_path / "shop.crt"))
    reply = proxy.over_tls(trusted, "shop.test")
    assert b"X-Forwarded-Proto: https\n" in reply
    with pytest.raises(ssl.SSLError):
        proxy.over_tls(trusted, "other.test")
    assert proxy.says("unknown server name")


def test_metrics(idle_proxy: Proxy, one: App) -> None:
    idle_proxy.start("--metrics-port", str(idle_proxy.metrics))
    idle_proxy.deploy("shop", one.address)
    for method in ("GET", "GET", "BREW"):
        idle_proxy.get("shop.test/", method)
    idle_proxy.http = idle_proxy.metrics
    lines = idle_proxy.get("any.test/metrics").text.splitlines()
    counted = 'kamal_proxy_http_requests_total{method="GET",service="shop",status="200"} 2'
    assert counted in [line.removesuffix(".0") for line in lines]
    assert any('method="OTHER"' in line for line in lines)
    assert any(line.startswith("kamal_proxy_http_in_flight_requests{") for line in lines)


def test_no_request_fails_while_targets_come_and_go(proxy: Proxy, apps: dict[str, App]) -> None:
    """Each old target dies as soon as its successor is deployed."""
    proxy.deploy("shop", apps["one"].address)
    with load(proxy, "shop.test", interval=0.02) as asked:
        for old, new in (("one", "two"), ("two", "three")):
            time.sleep(1)
            proxy.deploy("shop", apps[new].address, "--health-check-interval", "100ms")
            apps[old].die()
        time.sleep(1)
    replies = [each.result() for each in asked]
    assert {reply.status for reply in replies} == {200}
    assert {reply.text.partition(":")[0] for reply in replies} == set(apps)
