"""What of Kamal 1 is a service's own."""

from __future__ import annotations

from kamalpy.spec.app import App
from kamalpy.spec.kamal1 import Kamal1, paths

WEB, JOB = App("blog"), App("blog", "job", "staging")


def test_where_kamal_1_had_secrets() -> None:
    assert paths([WEB, JOB], ["blog-db"]) == [
        ".kamal/env/roles/blog-web.env",
        ".kamal/env/roles/blog-job-staging.env",
        ".kamal/env/accessories/blog-db.env",
        ".kamal/env/traefik",
    ]


def test_cords_are_those_of_the_roles_alone() -> None:
    cords = [f".kamal/cords/{each}-0a1b" for each in ("blog-web", "blog-web-admin", "shop-web")]

    assert Kamal1.from_facts({"cords": cords}, [WEB]).paths == (".kamal/cords/blog-web-0a1b",)
    assert Kamal1.from_facts({"cords": cords}, []).paths == ()


def test_traefik_by_its_state() -> None:
    traefik = [["traefik", "running", "traefik:v2.10"], ["old", "exited", "traefik:v2.10"]]
    found = Kamal1.from_facts({"traefik": traefik}, [WEB])

    assert (found.running, found.images, found.is_any) == (["traefik"], ["traefik:v2.10"], True)


def test_others_behind_traefik_are_nothing_to_clear_up() -> None:
    assert not Kamal1.from_facts({"behind": ["shop-web-1"]}, [WEB]).is_any
