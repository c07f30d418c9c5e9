"""Errors as a user reads them."""

from __future__ import annotations

import pytest
from pyinfra.api.exceptions import PyinfraError

from kamalpy import errors
from kamalpy.errors import ConfigurationError, KamalpyError, Problem


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem("is wrong"), "is wrong"),
        (Problem("is wrong", "mend it"), "is wrong; mend it"),
        (Problem("is wrong", path="proxy/ssl"), "proxy/ssl: is wrong"),
        (Problem("is wrong", file="deploy.yml"), "deploy.yml: is wrong"),
        (
            Problem("is wrong", "mend it", "proxy/ssl", "config/deploy.yml", 8),
            "config/deploy.yml:8: proxy/ssl: is wrong; mend it",
        ),
    ],
)
def test_a_problem(problem: Problem, text: str) -> None:
    assert str(problem) == text


def test_a_configuration_error_has_all_problems_and_one_text() -> None:
    error = ConfigurationError(Problem(what) for what in ("one", "two"))

    assert error.problems == (Problem("one"), Problem("two"))
    assert error.args == ("one\ntwo",)
    assert isinstance(error, ValueError)


@pytest.mark.parametrize(
    "kind",
    [
        each
        for each in vars(errors).values()
        if isinstance(each, type) and issubclass(each, Exception)
    ],
)
def test_pyinfra_prints_every_error_without_a_traceback(kind: type[Exception]) -> None:
    assert issubclass(kind, PyinfraError)
    assert kind is PyinfraError or issubclass(kind, KamalpyError)
