"""Ruby's regular expressions as Python's, where both mean the same."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kamalpy.config.templates.context import Meter
from kamalpy.config.templates.template_errors import LimitError, UnsupportedError

from .values import Regexp

_TOKEN = re.compile(
    r"(?P<escape>\\.)|(?P<set>\[\^?(?:\\.|[^\]\\\[&|~-]|(?P<twin>[&|~-])(?!(?P=twin)))+\])"
    r"|(?P<open>\((?:\?:)?)|(?P<repeat>(?:[*+?]|\{\d*,?\d+\}|\{\d+,\})\??)(?![*+?])"
    r"|(?P<mark>[)|^$])|(?P<plain>[^\[\]{}\\?*+])",
    re.DOTALL,
)
_ESCAPES = {rf"\{letter}": rf"\{letter}" for letter in "dDwWsSnrtfvAb"} | {
    r"\z": r"\Z", r"\Z": r"(?=\n?\Z)", r"\h": "[0-9a-fA-F]",
}  # fmt: skip
_IN_SET = {rf"\{letter}": rf"\{letter}" for letter in "dDwWsSnrtfv"} | {r"\h": "0-9a-fA-F"}
_LINE_START = r"(?:\A|(?<=\n)(?!\Z))"  # Ruby's ^ does not match after the last line break
_SIMPLE_GROUP = re.compile(r"\(x+\)")  # what may be repeated: neither repeats nor chooses
_MOST_WAYS = 50_000_000
_WAYS_PER_STEP = 100


def compile_regexp(source: str, letters: str, meter: Meter) -> Regexp:
    """Translate a regular expression, or refuse it."""
    meter.spend(len(source))
    try:
        return _translated(source, letters)
    except (re.error, KeyError, OverflowError, RecursionError):
        jinja = "{{ text | replace('a', 'b') }}"
        raise UnsupportedError("this regular expression", jinja) from None


def _translated(source: str, letters: str) -> Regexp:
    tokens = list(_TOKEN.finditer(source))
    skeleton = "".join(map(_skeleton, tokens))
    repeats_twice = re.search(r"(?:^|[(|^$bq*])[q*]|\)\*", _SIMPLE_GROUP.sub("x", skeleton))
    if "".join(token[0] for token in tokens) != source or set(letters) - {*"im"} or repeats_twice:
        raise KeyError(source)
    flags = re.MULTILINE | re.ASCII | (re.IGNORECASE if "i" in letters else 0)
    flags |= re.DOTALL if "m" in letters else 0
    texts = [_text(token) for token in tokens]
    atoms = [
        r"[\s\S]" if text == ")" else text
        for text, repeat in zip(texts, skeleton[1:], strict=False)
        if repeat == "*"
    ]
    return Regexp(
        re.compile("".join(texts), flags),
        repeated=tuple(re.compile(f"(?:{atom})+", flags) for atom in atoms),
        choices=(1 + skeleton.count("|")) * 2 ** skeleton.count("q"),
        ascii_only="i" in letters or r"\b" in source,
    )


def _skeleton(token: re.Match[str]) -> str:
    """Return one letter for a token: ``x`` is an atom, ``b`` an anchor, ``q`` a question mark."""
    if token.lastgroup == "repeat":
        return "q" if token[0][0] == "?" else "*"
    if token.lastgroup in ("open", "mark"):
        return token[0][0]
    return "b" if token[0] in (r"\A", r"\z", r"\Z", r"\b") else "x"


def _text(token: re.Match[str]) -> str:
    text = token[0]
    match token.lastgroup:
        case "escape" if text[1].isalnum():
            return _ESCAPES[text]
        case "set":
            return re.sub(r"\\[a-zA-Z0-9]", lambda found: _IN_SET[found[0]], text)
        case "repeat":
            return text.replace("{,", "{0,")
        case "mark" if text == "^":
            return _LINE_START
        case "plain" if text != ".":
            return re.escape(text)
    return text


def matches(regexp: Regexp, text: str, meter: Meter) -> Iterator[re.Match[str]]:
    """Find all matches; count before in how many ways there could be one, at most."""
    if regexp.ascii_only and not text.isascii():
        raise UnsupportedError("text other than ASCII with this regular expression")
    ways = (len(text) + 1) * regexp.choices
    for run in regexp.repeated:
        meter.spend(len(text) // 100)
        ways *= 1 + max((found.end() - found.start() for found in run.finditer(text)), default=0)
    if ways > _MOST_WAYS:
        what = "this regular expression could take too long with this text"
        raise LimitError(what, "repeat less in it, or shorten the text")
    meter.spend(ways // _WAYS_PER_STEP)
    for found in regexp.pattern.finditer(text):
        meter.spend()
        yield found
