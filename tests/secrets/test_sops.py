"""Files of sops; ``sops`` is a stand-in, and so is its encryption."""

from __future__ import annotations

import pytest

from kamalpy.errors import SecretError

YAML = """\
DB: ENC[pa$word]CNE
ANSWER: ENC[yes]CNE
CODE: ENC[0123]CNE
RATE: 1.50
PEM: |
  -----BEGIN-----
  AAAA
stripe:
  KEY: k
  HOOK: h
LIST: [a, b]
"""
ENTRIES = {
    "DB": "pa$word",
    "ANSWER": "yes",
    "CODE": "0123",
    "RATE": "1.50",
    "PEM": "-----BEGIN-----\nAAAA\n",
    "stripe/KEY": "k",
    "stripe/HOOK": "h",
    "LIST": '["a","b"]',
}


@pytest.fixture(autouse=True)
def _sops(tools, project):
    tools.install("sops")
    project.write(".kamal/secrets.sops.yaml", YAML)


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ([], ENTRIES),
        (["DB"], {"DB": "pa$word"}),
        (["CODE", "stripe/KEY"], {"CODE": "0123", "stripe/KEY": "k"}),
        (["stripe"], {"stripe/KEY": "k", "stripe/HOOK": "h"}),
    ],
)
def test_names_are_keys_of_the_file_and_values_are_as_written(ask, tools, names, found):
    assert ask("sops", *names) == found
    assert tools.calls == ["sops --version", "sops -d .kamal/secrets.sops.yaml"]


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("config/x.json", '{"DB": "ENC[pa\\u0024word]CNE", "N": 1.50, "more": {"KEY": "k"}}'),
        ("x.yaml", "{DB: ENC[pa$word]CNE, N: 1.50, more: {KEY: k}}"),
        ("x.env", "# a comment\nDB=ENC[pa$word]CNE\nN=1.50\nmore/KEY=k"),
    ],
)
def test_from_is_a_file_of_any_form(ask, project, file, content):
    project.write(file, content)

    assert ask("sops", source=file) == {"DB": "pa$word", "N": "1.50", "more/KEY": "k"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "DB: ENC[x]CNE",
            "sops does not know NOPE in x.yaml; check the names",
        ),
        (
            "plain: text",
            "cannot read x.yaml from sops: exit code 128: "
            "Failed to get the data key required to decrypt the SOPS file.",
        ),
        *[
            (
                f"ENC[{content}]CNE",
                "sops decrypted x.yaml, and it is no mapping; "
                "let it hold names and values, as YAML, JSON or NAME=value lines",
            )
            for content in ("text", "- a", "&a {b: *a}", "a: b: c", "{" * 3000)
        ],
    ],
)
def test_refuses(ask, project, content, message):
    project.write("x.yaml", content)

    with pytest.raises(SecretError) as error:
        ask("sops", "NOPE", source="x.yaml")
    assert str(error.value) == message
