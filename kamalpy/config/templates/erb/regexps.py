"""Ruby's regular expressions as Python's, where both mean the same."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kamalpy.config.templates.context import Meter
from kamalpy.config.templates.template_errors import LimitError, UnsupportedError

from .values import Regexp

_TOKEN = re.compile(
    r"(?P<escape>\\.)|(?P<set>\[\^?(?:\\.|\[:\w+:\]|[^\]\\\[])+\])|(?P<open>\((?:\?:|\?<\w+>)?)"
    r"|(?P<repeat>(?:[*+?]|\{\d*,?\d+\}|\{\d+,\})\??)(?![*+?])|(?P<mark>[)|^$])|(?P<plain>[^\[\]{}\\?*+])",
    re.DOTALL,
)
_IN_SET = re.compile(r"\[:(\w+):\]|(\\.)|--|&&|[&|~]", re.DOTALL)
_ESCAPES = {rf"\{letter}": rf"\{letter}" for letter in "dDwWsSnrtfvAb"} | {
    r"\z": r"\Z", r"\Z": r"(?=\n?\Z)", r"\h": "[0-9a-fA-F]",
}  # fmt: skip
_POSIX = {
    "alpha": "a-zA-Z", "digit": "0-9", "alnum": "a-zA-Z0-9", "upper": "A-Z", "lower": "a-z",
    "space": r"\s", "word": r"\w", "xdigit": "0-9a-fA-F",
}  # fmt: skip
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
    named = "(?<" in source and re.search(r"\((?!\?)", source)
    if named or "".join(token[0] for token in tokens) != source or set(letters) - set("im"):
        raise KeyError(source)
    skeleton = "".join(map(_skeleton, tokens))
    if re.search(r"(?:^|[(|^$bq*])[q*]|\)\*", _SIMPLE_GROUP.sub("x", skeleton)):
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
        source,
        letters,
        re.compile("".join(texts), flags),
        tuple(re.compile(f"(?:{atom})+", flags) for atom in atoms),
        (1 + skeleton.count("|")) * 2 ** skeleton.count("q"),
        ascii_only="i" in letters or r"\b" in source or "[:" in source,
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
        case "escape":
            return _ESCAPES[text] if text[1].isalnum() else text
        case "set":
            return _IN_SET.sub(_set_item, text)
        case "open":
            return text.replace("?<", "?P<")
        case "repeat":
            return text.replace("{,", "{0,")
        case "mark":
            return _LINE_START if text == "^" else text
    return text if text == "." else re.escape(text)


def _set_item(found: re.Match[str]) -> str:
    if found[1]:
        return _POSIX[found[1]]
    if found[2]:
        inside = r"0-9a-fA-F" if found[2] == r"\h" else found[2]
        return inside if not found[2][1].isalnum() or found[2][1] in "hdDwWsSnrtfv" else _POSIX[""]
    return f"\\{found[0]}" if len(found[0]) == 1 else _POSIX[""]


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
