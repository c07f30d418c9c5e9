"""What an app has left on a host, and what of it may go."""

from __future__ import annotations

from typing import Any

import pytest

from kamalpy.spec.leftovers import Leftovers, size, total


def container(
    name: str, started: str, status: str = "exited", role: str | None = "web", destination: str = ""
) -> dict[str, Any]:
    labels = {"service": "blog", "destination": destination}
    return {
        "id": f"id-{name}",
        "name": f"/{name}",
        "status": status,
        "started": started,
        "created": "2020",
        "image": "sha256:x",
        "labels": labels if role is None else {**labels, "role": role},
        "bytes": 1000,
    }


def names(found: Any) -> list[str]:
    return [each.name for each in found]


class TestContainers:
    """Those that stopped first go, each role of each destination on its own."""

    def test_those_that_ran_last_stay(self) -> None:
        known = Leftovers([container(f"blog-web-v{number}", f"202{number}") for number in range(5)])

        assert names(known.old_containers("blog", None, 2)) == [
            "blog-web-v0",
            "blog-web-v1",
            "blog-web-v2",
        ]

    @pytest.mark.parametrize("status", ["running", "restarting", "paused", "removing"])
    def test_what_has_not_stopped_stays(self, status: str) -> None:
        assert Leftovers([container("a", "2021", status)]).old_containers("blog", None, 0) == ()

    def test_other_roles_and_destinations_count_for_themselves(self) -> None:
        known = Leftovers(
            [
                container("blog-web-v1", "2021"),
                container("blog-web-v2", "2022"),
                container("blog-job-v1", "2021", role="job"),
                container("blog-web-staging-v1", "2021", destination="staging"),
            ]
        )

        assert names(known.old_containers("blog", None, 1)) == ["blog-web-v1"]
        assert names(known.old_containers("blog", "staging", 0)) == ["blog-web-staging-v1"]

    def test_what_exec_has_left_goes_always(self) -> None:
        known = Leftovers(
            [
                container("blog-web-exec-v1-0a1b2c", "2022", role=None),
                container("blog-web-exec-v1-ffffff", "2022", "running", role=None),
                container("other-web-exec-v1-0a1b2c", "2022", role=None),
                container("blog-web-staging-exec-v1-0a1b2c", "2022", role=None),
                container("blog-web-staging-v1", "2022", "running", destination="staging"),
            ]
        )

        assert names(known.old_containers("blog", None, 5)) == ["blog-web-exec-v1-0a1b2c"]
        assert names(known.old_containers("blog", "staging", 5)) == [
            "blog-web-staging-exec-v1-0a1b2c"
        ]


class TestImages:
    """Those of the repository that no container has."""

    IMAGES = (
        {"id": "sha256:1", "tags": ["acme/blog:v1"], "bytes": 10},
        {"id": "sha256:2", "tags": ["acme/blog:v2", "acme/blog:latest"], "bytes": 20},
        {"id": "sha256:3", "tags": ["acme/blog:v3", "acme/blog:also"], "bytes": 30},
        {"id": "sha256:4", "tags": ["acme/blog:v4", "acme/shop:v4"], "bytes": 40},
        {"id": "sha256:5", "tags": [], "bytes": 50},
    )

    def test_names_of_those_that_nobody_has(self) -> None:
        found = Leftovers((), self.IMAGES, {"c": "sha256:1"}).old_images("acme/blog")

        assert [(each.reference, each.bytes) for each in found] == [
            ("acme/blog:also", 30),
            ("acme/blog:v3", 0),
            ("acme/blog:v4", 0),
            ("sha256:5", 50),
        ]

    def test_the_latest_goes_only_with_everything(self) -> None:
        known = Leftovers((), self.IMAGES[1:2])

        assert known.old_images("acme/blog") == ()
        assert names(known.old_images("acme/blog", True)) == ["acme/blog:latest", "acme/blog:v2"]

    def test_what_containers_have_that_will_be_gone(self) -> None:
        gone = [container("c", "2021")]
        known = Leftovers(gone, self.IMAGES[:1], {"id-c": "sha256:1"})

        assert known.old_images("acme/blog") == ()
        left = known.without(known.of_destination(None))
        assert names(left.old_images("acme/blog")) == ["acme/blog:v1"]
        assert known.without(known.of_destination("staging")).old_images("acme/blog") == ()


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1234567, "1.2 MB"), (5 * 10**15, "5000.0 TB")],
)
def test_bytes_as_docker_writes_them(count: int, text: str) -> None:
    assert size(count) == text


def test_total() -> None:
    known = Leftovers([container("a", "2021"), container("b", "2022")])

    assert total(known.old_containers("blog", None, 0)) == "2.0 kB"
    assert [str(each) for each in known.old_containers("blog", None, 1)] == ["a (1.0 kB)"]
