"""The words of ``kamal secrets fetch`` and ``extract``."""

from __future__ import annotations

import pytest

from kamalpy.errors import SecretError
from kamalpy.secrets.fetching import Fetcher, Request
from kamalpy.secrets.kamal_commands import answer, request_of
from kamalpy.secrets.shell import Shell


@pytest.fixture
def fetcher(project):
    return Fetcher(Shell(project.root, project.environ))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("-a x A B", Request("x", None, None, ("A", "B"))),
        ("A --adapter x B --account me C", Request("x", "me", None, ("A", "B", "C"))),
        ("--adapter=x --from=a/b --account=me", Request("x", "me", "a/b", ())),
        ("-ax A --inline -v", Request("x", None, None, ("A",))),
        ("-d staging -c config/x.yml -a x A", Request("x", None, None, ("A",))),
        ("-a x --account= A", Request("x", None, None, ("A",))),
    ],
)
def test_a_request(words, expected):
    assert request_of(["fetch", *words.split()]) == expected


def test_an_answer_is_compact_json(fetcher):
    words = ["fetch", "-a", "test", "--account", "me", 'f"o', "bär"]

    assert answer(words, fetcher) == '{"f\\"o":"o\\"f","bär":"räb"}'


def test_an_extract_is_the_value_itself(fetcher):
    assert answer(["extract", "a", '{"a":"x \\n"}'], fetcher) == "x \n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("fetch A", "kamal secrets fetch: the following arguments are required: -a/--adapter"),
        ("extract A", "kamal secrets extract: the following arguments are required: json"),
        ("extract A {} hunter2", "kamal secrets extract: has words that are not understood"),
        ("extract A --x=hunter2 {}", "kamal secrets extract: has words that are not understood"),
        ("fetch --inline=hunter2", "kamal secrets fetch: has words that are not understood"),
        ("fetch --account", "kamal secrets fetch: argument --account: expected one argument"),
        ("print", "kamal secrets print gives no secret; use fetch or extract"),
    ],
)
def test_mistakes(fetcher, words, message):
    with pytest.raises(SecretError) as error:
        answer(words.split(), fetcher)
    assert str(error.value) == message
