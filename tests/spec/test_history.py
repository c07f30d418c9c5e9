"""Which versions hosts know, and to which of them they can go back."""

from __future__ import annotations

from typing import Any

from kamalpy.spec.app import App
from kamalpy.spec.history import history
from kamalpy.spec.state import HostState

WEB, JOB = App("blog"), App("blog", "job")
ROLES = {"h1": [WEB], "h2": [WEB, JOB]}


def container(name: str, status: str = "exited", started: str = "2026-01-01T10:00:00Z") -> Any:
    role = "job" if "-job-" in name else "web"
    return {
        "inspect": {
            "Id": f"{name:0<64}",
            "Name": f"/{name}",
            "Image": f"sha256:{name[-2:]}",
            "Created": "2026-01-01T09:00:00Z",
            "State": {"Status": status, "StartedAt": started},
            "Config": {
                "Image": f"acme/blog:{name[-2:]}",
                "Labels": {"service": "blog", "role": role, "destination": ""},
            },
        }
    }


def release(version: str, at: int, role: str = "web", image: str = "-") -> dict[str, Any]:
    return {"role": role, "version": version, "at": at, "image": image, "record": "{}"}


def state(*containers: Any, releases: Any = (), audit: Any = ()) -> HostState:
    return HostState.from_facts({"containers": containers, "releases": releases, "audit": audit})


def test_nobody_knows_any() -> None:
    assert history({"h1": state(), "h2": state()}, ROLES) == ()


def test_what_serves_comes_first_and_then_what_served_last() -> None:
    known = history(
        {
            "h1": state(
                container("blog-web-v1", "exited", "2026-01-03T10:00:00Z"),
                container("blog-web-v2", "running", "2026-01-02T10:00:00Z"),
                container("blog-web-v3", "exited", "2026-01-01T10:00:00Z"),
            ),
        },
        {"h1": [WEB]},
    )

    assert [(each.name, each.runs, each.at) for each in known] == [
        ("v2", True, "2026-01-02T10:00:00Z"),
        ("v1", False, "2026-01-03T10:00:00Z"),
        ("v3", False, "2026-01-01T10:00:00Z"),
    ]
    assert all(each.is_possible for each in known)


def test_a_record_is_as_good_as_a_container() -> None:
    kept = release("v1", 1767225600, image="sha256:v1,acme/blog@sha256:0123")

    (known,) = history({"h1": state(releases=[kept])}, {"h1": [WEB]})

    assert (known.name, known.at, known.digest, known.is_possible) == (
        "v1",
        "2026-01-01T00:00:00Z",
        "acme/blog@sha256:0123",
        True,
    )


def test_it_is_impossible_where_one_role_on_one_host_has_neither() -> None:
    known = history(
        {"h1": state(container("blog-web-v1")), "h2": state(container("blog-web-v1"))}, ROLES
    )

    (version,) = known
    assert version.hosts == ("h1", "h2")
    assert not version.is_possible
    assert version.missing == ("h2 has neither a container nor a record of blog-job",)


def test_what_gave_its_name_away_is_no_version() -> None:
    replaced = container("blog-web-v1_replaced_0123456789abcdef")

    assert history({"h1": state(replaced)}, {"h1": [WEB]}) == ()


def test_the_audit_log_names_who_deployed_it_last() -> None:
    lines = (
        "[2026-01-01T10:00:00Z] [ann] [web] Booted app version v1",
        "[2026-01-02T10:00:00Z] [bob] [staging] [web] Booted app version v1",
        "[2026-01-03T10:00:00Z] [eve] [web] Booted app version v2",
        "nonsense",
    )

    known = history(
        {"h1": state(container("blog-web-v1"), container("blog-web-v3"), audit=lines)},
        {"h1": [WEB]},
    )

    assert {each.name: each.who for each in known} == {"v1": "bob", "v3": None}
