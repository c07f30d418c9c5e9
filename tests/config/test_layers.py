"""Half of a configuration: the base without its destination, or the other way round."""

from __future__ import annotations

from pathlib import Path

import pytest

from kamalpy.config import load
from kamalpy.errors import ConfigurationError

BASE = "service: blog\nimage: acme/blog\n"
REST = "servers: [192.0.2.1]\nregistry: {username: me, password: [P]}\nbuilder: {arch: amd64}\n"
MISTAKE = "volumnes: []\n"

CASES = {
    "the base alone": (
        {"deploy.yml": BASE + MISTAKE, "deploy.production.yml": REST},
        "config/deploy.yml",
        "config/deploy.yml: is not complete without a destination: registry and builder and "
        "servers are in config/deploy.production.yml; "
        "use -d production, with pyinfra @kamal/production",
    ),
    "two destinations": (
        {"deploy.yml": BASE, "deploy.production.yml": REST, "deploy.staging.yml": REST},
        "config/deploy.yml",
        "config/deploy.yml: is not complete without a destination: registry and builder and "
        "servers are in config/deploy.production.yml; use -d production or -d staging, "
        "with pyinfra @kamal/production",
    ),
    "hosts come with the destination": (
        {"deploy.yml": BASE + REST.replace("192.0.2.1", ""), "deploy.production.yml": REST},
        "config/deploy.yml",
        "config/deploy.yml: is not complete without a destination: servers "
        "is in config/deploy.production.yml; use -d production, with pyinfra @kamal/production",
    ),
    "a destination is required": (
        {"deploy.yml": "require_destination: true\n" + MISTAKE, "deploy.eu.yml": ""},
        "config/deploy.yml",
        "config/deploy.yml:1: require_destination: no destination is given; use -d eu, "
        "with pyinfra @kamal/eu",
    ),
    "the file of a destination as -c": (
        {"deploy.yml": BASE + REST, "deploy.production.yml": "servers: [192.0.2.2]\n"},
        "config/deploy.production.yml",
        "config/deploy.production.yml: holds only what destination production changes in "
        "config/deploy.yml; use -d production",
    ),
    "the file of a destination of another app": (
        {"shop.yml": BASE + REST, "shop.staging.yml": "servers: [192.0.2.2]\n"},
        "config/shop.staging.yml",
        "config/shop.staging.yml: holds only what destination staging changes in config/shop.yml; "
        "use -c config/shop.yml -d staging",
    ),
    "another ending": (
        {"deploy.yaml": BASE + REST},
        "config/deploy.yml",
        "config/deploy.yml: no such file in ROOT/config; config/deploy.yaml is there: "
        "rename it to config/deploy.yml, or use -c config/deploy.yaml",
    ),
    "another folder": (
        {"../deploy.yml": BASE + REST},
        "config/deploy.yml",
        "config/deploy.yml: no such file in ROOT/config; deploy.yml is there: "
        "rename it to config/deploy.yml, or use -c deploy.yml",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_is_reported_in_one_line(case: str, tmp_path: Path) -> None:
    files, path, expected = CASES[case]
    (tmp_path / "config").mkdir()
    for name, text in files.items():
        (tmp_path / "config" / name).write_text(text)

    with pytest.raises(ConfigurationError) as caught:
        load(path, root=tmp_path, environ={})

    assert expected == str(caught.value).replace(str(tmp_path), "ROOT")


def test_a_base_that_is_complete_needs_no_destination(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config/deploy.yml").write_text(BASE + REST)
    (tmp_path / "config/deploy.staging.yml").write_text(REST)

    assert load(root=tmp_path, environ={}).destination is None
