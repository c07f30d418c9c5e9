"""Kamal's names for the things of an app."""

from __future__ import annotations

import pytest

from kamalpy.spec.app import App, hostname

APP, STAGING = App("blog", "web"), App("blog", "job", "staging")


@pytest.mark.parametrize(
    ("name", "plain", "with_destination"),
    [
        ("folder", "blog", "blog-staging"),
        ("prefix", "blog-web", "blog-job-staging"),
        (
            "env_file",
            ".kamal/apps/blog/env/roles/web.env",
            ".kamal/apps/blog-staging/env/roles/job.env",
        ),
        ("assets", ".kamal/apps/blog/assets", ".kamal/apps/blog-staging/assets"),
        ("proxy_folder", ".kamal/proxy/apps-config/blog", ".kamal/proxy/apps-config/blog-staging"),
        (
            "tls",
            ".kamal/proxy/apps-config/blog/tls/web",
            ".kamal/proxy/apps-config/blog-staging/tls/job",
        ),
        (
            "folder_in_proxy",
            "/home/kamal-proxy/.apps-config/blog",
            "/home/kamal-proxy/.apps-config/blog-staging",
        ),
        (
            "labels",
            {"service": "blog", "role": "web", "destination": ""},
            {"service": "blog", "role": "job", "destination": "staging"},
        ),
    ],
)
def test_names(name: str, plain: object, with_destination: object) -> None:
    assert getattr(APP, name) == plain
    assert getattr(STAGING, name) == with_destination


def test_names_of_a_version() -> None:
    assert APP.container("v1") == "blog-web-v1"
    assert STAGING.container("v1") == "blog-job-staging-v1"
    assert APP.error_pages("v1") == ".kamal/proxy/apps-config/blog/error_pages/v1"
    assert (
        APP.asset_volume("v1", "/rails/public")
        == "$PWD/.kamal/apps/blog/assets/volumes/web-v1:/rails/public"
    )
    assert STAGING.asset_volume("v1", "/public", "ro") == (
        "$PWD/.kamal/apps/blog-staging/assets/volumes/job-v1:/public:ro"
    )


@pytest.mark.parametrize(
    ("of_host", "expected"),
    [
        ("app1.example.com", "app1.example.com-"),
        ("192.0.2.11", "192.0.2.11-"),
        ("x" * 60, "x" * 51 + "-"),
        ("x" * 50 + ".example.com", "x" * 50 + "-"),
    ],
)
def test_hostname(of_host: str, expected: str) -> None:
    assert hostname(of_host) == expected
    assert len(hostname(of_host) + "0123456789ab") <= 64
