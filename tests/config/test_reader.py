"""Templates run before YAML: what they see, and where their mistakes are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kamalpy.config import Configuration
from kamalpy.errors import ConfigurationError

Deploy = Callable[..., Configuration]


def test_templates_see_the_environment(deploy: Deploy) -> None:
    config = deploy('image: <%= ENV["ORGANISATION"] %>/blog\n', environ={"ORGANISATION": "acme"})
    assert config.image == "acme/blog"


def test_templates_see_the_destination(deploy: Deploy) -> None:
    text = 'image: acme/<%= ENV["KAMAL_DESTINATION"] || "none" %>\n'
    environ = {"KAMAL_DESTINATION": "of the caller"}
    assert deploy(text, environ=environ).image == "acme/none"
    assert deploy(text, environ=environ, staging="{}\n").image == "acme/staging"
    assert environ == {"KAMAL_DESTINATION": "of the caller"}


def test_what_a_template_loads_is_there_for_secrets(deploy: Deploy, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TOKEN=t0p\nVERSION=v7\n")
    config = deploy('# <% require "dotenv"; Dotenv.load(".env") %>\n', environ={}, version=None)
    assert config.environ["TOKEN"] == "t0p"
    assert config.version == "v7"
    assert "t0p" not in repr(config)


def test_a_mistake_is_found_on_the_line_that_was_written(deploy: Deploy) -> None:
    text = "<% %w[0 1 2].each do |n| %>\nx-<%= n %>: a\n<% end %>\nretain_container: 3\n"
    with pytest.raises(ConfigurationError) as caught:
        deploy(text)
    assert str(caught.value) == (
        "config/deploy.yml:9: retain_container: unknown key; did you mean retain_containers?"
    )


def test_a_syntax_error_shows_the_line_that_was_written(deploy: Deploy) -> None:
    with pytest.raises(ConfigurationError) as caught:
        deploy('labels: {a: <%= ENV["SECRET"] %>}\n', environ={"SECRET": "%t0p"})
    assert str(caught.value) == (
        "config/deploy.yml:6: not valid YAML: found character that cannot start any token "
        "while scanning for the next token; put the value in quotes\n"
        '    labels: {a: <%= ENV["SECRET"] %>}'
    )


def test_a_template_may_run_commands_when_the_file_says_so(deploy: Deploy) -> None:
    text = "image: <%= `echo acme/blog`.strip %>\n"
    with pytest.raises(ConfigurationError):
        deploy(text)
    assert deploy(text + "x-kamalpy:\n  commands: true\n").image == "acme/blog"
    assert deploy(text, allow_commands=True).image == "acme/blog"


def test_docker_formats_are_no_templates(deploy: Deploy) -> None:
    text = """aliases:\n  ps: server exec "docker ps --format '{{.Names}}'"\n"""
    assert deploy(text).aliases == {"ps": "server exec \"docker ps --format '{{.Names}}'\""}
