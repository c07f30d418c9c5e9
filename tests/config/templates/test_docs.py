"""The page for users: both forms of each line of its table write the same."""

import re
from pathlib import Path

import pytest

from kamalpy.config.templates import render_accessory
from kamalpy.errors import ConfigurationError

PAGE = Path(__file__).parents[3] / "docs" / "templates.md"
ROWS = re.findall(r"^\| ([^|]+) \| (`.*<%.*) \| (`.*[{}%].*`) \|$", PAGE.read_text(), re.MULTILINE)
ERB_NAMES = '<% user = "me"; host = "a"; branch = "x/y"; hosts = %w[a b] -%>\n'
JINJA_NAMES = '{%- set user, host, branch, hosts = "me", "a", "x/y", ["a", "b"] -%}\n'
WITHOUT_A_TWIN = ("an optional part", "an error message", "a comment", "lines from a list")


def codes(cell: str) -> list[str]:
    """What stands in back-ticks, be it one or two of them."""
    cell = cell.replace("\\|", "|")
    return [two.strip() or one for two, one in re.findall(r"``(.+?)``|`([^`]+)`", cell)]


def forms() -> list[tuple[str, str]]:
    pairs = []
    for what, erb, jinja in ROWS:
        if what.strip() not in WITHOUT_A_TWIN:
            together = what.strip() == "a name for a value"
            alone = ["".join(codes(erb))] if together else codes(erb)
            pairs += [(each, "".join(codes(jinja))) for each in alone]
    return pairs


def test_the_page_has_such_a_table():
    assert len(forms()) > 10


@pytest.mark.parametrize(("erb", "jinja"), forms())
def test_both_forms_write_the_same(project, erb, jinja):
    project.git("init", "-q")
    project.git("commit", "-q", "--allow-empty", "-m", "first")
    project.write(".ruby-version", "3.4.4\n")
    project.environ = {"HOST": "a", "HOSTS": "a, b", "KAMAL_DESTINATION": "staging"}
    written = project.render(ERB_NAMES + erb)
    assert project.render(JINJA_NAMES + jinja, "deploy.yml.j2").strip() == written.strip()


def test_trimming_is_for_deploy_yml():
    with pytest.raises(ConfigurationError) as caught:
        render_accessory("a\n<% x = 1 -%>\n", file="config/my.cnf.erb", values={})
    assert str(caught.value) == (
        "config/my.cnf.erb:2: -%> trims in deploy.yml, not in an accessory's file (column 1);"
        " write %>"
    )
