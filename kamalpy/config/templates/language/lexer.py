"""Program text to tokens, with the help of blanks and of what stood before, as Ruby does it."""

from __future__ import annotations

import re

from kamalpy.config.templates.erb import Echo, Program, Text
from kamalpy.config.templates.limits import Meter
from kamalpy.config.templates.trouble import Beyond, Exceeded, RubyError

from .quotes import PAIRS, Quotes, Style
from .tokens import KEYWORDS, VALUE_KEYWORDS, Kind, Quoted, Token, TokenValue

_BLANKS = frozenset(" \t\r\f\v\\")
_BLANK = re.compile(r"(?:[ \t\r\f\v]|\\\r?\n)*")
_WORD = re.compile(r"[^\W\d]\w*(?:[?!](?!=)|[?!](?==[=~>]))?")
_DEFINED = re.compile(r"defined\?")
_NUMBER = re.compile(
    r"0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO]?[0-7_]+(?![\d.])"
    r"|\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?"
)
_OCTAL = re.compile(r"0[0-7]+")
_OPERATOR = re.compile(
    r"\*\*=|\|\|=|&&=|<=>|===|\.\.\.|<<=|>>=|\*\*|==|!=|>=|<=|&&|\|\||=~|!~|\.\.|::|\+=|-=|\*="
    r"|/=|%=|\|=|&=|\^=|<<|>>|->|=>|&\.|[-+*/%<>=!&|^~?:.,()\[\]{}]"
)
_INSTANCE = re.compile(r"@[^\W\d]\w*")
_GLOBAL = re.compile(r"\$(?:[^\W\d]\w*|\d|[~!?@&_,;/\\.<>0$*:\"])")
_HEREDOC = re.compile(r"<<[~-]?(?:[A-Z_]\w*|\"\w+\"|'\w+')")
_SYMBOL = re.compile(r":([^\W\d]\w*[?!]?|\[\]|[+\-*/%<>]|==|<=>|<<)")
_PERCENT = re.compile(r"%([wWiIqQxrs]?)([^\w\s])")
_REGEXP_FLAGS = re.compile(r"[a-z]*")
_PAUSE = re.compile(r"(?:[\s;]|#[^\n]*(?:\n|\Z))*")
_LEADING_DOT = re.compile(r"\.(?!\.)|&\.")
_ASSIGNS = re.compile(r"[ \t]*(?:=(?![=~>])|\|\|=|[+\-*/]=)")
_VALUES = frozenset(
    {
        Kind.NUMBER,
        Kind.STRING,
        Kind.SYMBOL,
        Kind.REGEXP,
        Kind.COMMAND,
        Kind.WORDS,
        Kind.NAME,
        Kind.CONSTANT,
        Kind.INSTANCE,
        Kind.GLOBAL,
    }
)
_MAX_NESTING = 20
_MAX_DIGITS = 1_000


class Lexer:
    """Reads one program; ``at`` is where it stands."""

    def __init__(self, program: Program, meter: Meter, at: int = 0, nesting: int = 0) -> None:
        self.program = program
        self.at = at
        self._meter = meter
        self._nesting = nesting
        self._tokens: list[Token] = []
        self._braces = 0
        self._choices = 0
        self._assigned: set[str] = set()
        self._spaced = False

    def read(self) -> tuple[Token, ...]:
        """All tokens, the last one being the end."""
        while self._skip():
            self._next()
        self._add(Kind.END, None, self.at)
        return tuple(self._tokens)

    def peek(self) -> str:
        """The character that comes next, or nothing at the end."""
        return self.program.source[self.at : self.at + 1]

    def embedded(self) -> tuple[Token, ...]:
        """The tokens of ``{...}`` inside of a string; the position moves behind it."""
        if self._nesting == _MAX_NESTING:
            raise Exceeded("strings are nested too deeply here", "use local variables", self.at)
        inner = Lexer(self.program, self._meter, self.at + 1, self._nesting + 1)
        inner._assigned = self._assigned
        while inner._skip() and not (inner.peek() == "}" and not inner._braces):
            inner._next()
        if inner.at in self.program.inserts or not inner.peek():
            raise _broken("the #{ that begins here has no end", "write }", self.at)
        inner._add(Kind.END, None, inner.at)
        self.at = inner.at + 1
        return tuple(inner._tokens)

    def _skip(self) -> bool:
        """Skip blanks and comments; False at the end."""
        start = self.at
        source = self.program.source
        if source[start : start + 1] in _BLANKS:
            found = _BLANK.match(source, start)
            self.at = found.end() if found else start
        if source.startswith("#", self.at):
            end = source.find("\n", self.at)
            self.at = end if end >= 0 else len(source)
        self._spaced = self.at > start
        return self.at < len(source)

    def _next(self) -> None:
        self._meter.spend()
        character = self.peek()
        if self.at in self.program.inserts:
            self._inserted()
        elif character in "\n;":
            self._separator(character)
        elif character.isdecimal():
            self._number()
        elif character.isalpha() or character == "_":
            self._word()
        elif character in "\"'`":
            self._string(character)
        elif character in "@$":
            self._variable(character)
        else:
            self._sign(character)

    def _add(self, kind: Kind, value: TokenValue, end: int, start: int | None = None) -> None:
        start = self.at if start is None else start
        followed = self.program.source[end : end + 1] in (" ", "\t", "\n", "\r", "")
        self._tokens.append(Token(kind, value, start, end, self._spaced, followed))
        self.at = end

    def _inserted(self) -> None:
        insert = self.program.inserts[self.at]
        if isinstance(insert, Text):
            self._add(Kind.TEXT, insert, self.at + 1)
        elif isinstance(insert, Echo):
            self._add(Kind.OPEN if insert.opens else Kind.CLOSE, None, self.at + 1)
        else:
            raise _broken(insert.what, insert.how, self.at)

    def _separator(self, character: str) -> None:
        """One for all that follow; none where the next line goes on with a dot."""
        pause = _PAUSE.match(self.program.source, self.at)
        end = pause.end() if pause else self.at + 1
        dot = _LEADING_DOT.match(self.program.source, end)
        if dot and pause and ";" not in pause[0]:
            self.at = end
        else:
            self._add(Kind.SEPARATOR, character, end)

    def _number(self) -> None:
        found = _NUMBER.match(self.program.source, self.at)
        after = self.program.source[found.end() : found.end() + 1] if found else ""
        if found is None or after.isalpha() or re.fullmatch(r"0\d*[89]\d*", found[0]):
            raise _broken("this is no number", "quote it if it is text", self.at)
        text = found[0].replace("_", "").lower()
        if len(text) > _MAX_DIGITS:
            raise Exceeded("this number is too long", "quote it if it is text", self.at)
        self._add(Kind.NUMBER, number(text), found.end())

    def _word(self) -> None:
        found = _DEFINED.match(self.program.source, self.at)
        found = found or _WORD.match(self.program.source, self.at)
        if found is None:
            raise _broken(f"{self.peek()} is not understood", "write %>", self.at)
        name, end = found[0], found.end()
        if self._labels(end):
            self._add(Kind.LABEL, name, end + 1)
        elif self._after(".", "&.", "def"):
            self._add(Kind.NAME, name, end)
        elif name in KEYWORDS:
            self._add(Kind.KEYWORD, name, end)
        elif name[0].isupper():
            self._add(Kind.CONSTANT, name, end)
        else:
            if self._after("|", ",", "for", "=>") or _ASSIGNS.match(self.program.source, end):
                self._assigned.add(name)
            self._add(Kind.NAME, name, end)

    def _labels(self, end: int) -> bool:
        source = self.program.source
        colon = source[end : end + 1] == ":" and source[end + 1 : end + 2] != ":"
        return colon and not self._after("?", ".", "&.")

    def _string(self, character: str) -> None:
        start = self.at
        self.at += 1
        plain = character == "'"
        quoted = Quotes(self, Style(character, escapes=not plain, interpolates=not plain)).read()
        if character == "`":
            self._add(Kind.COMMAND, quoted, self.at, start)
        elif self._labels(self.at) and self._after("{", ",", "("):
            if len(quoted.parts) != 1 or not isinstance(quoted.parts[0], str):
                raise Beyond("a key made of several parts", offset=start)
            self._add(Kind.LABEL, quoted.parts[0], self.at + 1, start)
        else:
            self._add(Kind.STRING, quoted, self.at, start)

    def _variable(self, character: str) -> None:
        pattern, kind = (_INSTANCE, Kind.INSTANCE) if character == "@" else (_GLOBAL, Kind.GLOBAL)
        found = pattern.match(self.program.source, self.at)
        if found is None:
            raise Beyond(f"`{self.program.source[self.at : self.at + 2]}`", offset=self.at)
        self._add(kind, found[0], found.end())

    def _sign(self, character: str) -> None:
        source = self.program.source
        percent = _PERCENT.match(source, self.at)
        symbol = _SYMBOL.match(source, self.at)
        if character == "/" and self._expects_value(1):
            self._regexp(Style("/", interpolates=True, regexp=True), 1)
        elif percent and self._expects_value(1):
            self._percent(percent[1], percent[2])
        elif _HEREDOC.match(source, self.at) and self._expects_value(2):
            raise Beyond("a here-document (<<~)", "{% set text %}...{% endset %}", self.at)
        elif character == ":" and not source.startswith("::", self.at) and self._symbol(symbol):
            return
        else:
            self._operator()

    def _symbol(self, found: re.Match[str] | None) -> bool:
        if self._choices and self._ends_value():
            return False
        start = self.at
        if self.program.source[self.at + 1 : self.at + 2] == '"':
            self.at += 2
            self._add(Kind.SYMBOL, Quotes(self, Style('"')).read(), self.at, start)
            return True
        if found and self._expects_value(1):
            self._add(Kind.SYMBOL, Quoted((found[1],)), found.end())
            return True
        return False

    def _regexp(self, style: Style, width: int) -> None:
        start = self.at
        self.at += width
        quoted = Quotes(self, style).read()
        flags = _REGEXP_FLAGS.match(self.program.source, self.at)
        letters = flags[0] if flags else ""
        self._add(Kind.REGEXP, Quoted(quoted.parts, letters), self.at + len(letters), start)

    def _percent(self, letter: str, opening: str) -> None:
        start = self.at
        style = Style(
            PAIRS.get(opening, opening),
            nest=opening if opening in PAIRS else "",
            escapes=letter not in ("w", "i", "q", "s"),
            interpolates=letter not in ("w", "i", "q", "s"),
            regexp=letter == "r",
        )
        width = 1 + len(letter) + 1
        if letter == "r":
            self._regexp(style, width)
            return
        self.at += width
        quoted = Quotes(self, style).read()
        if letter and letter in "wWiI":
            self._add(Kind.WORDS, self._words(quoted, letter, start), self.at, start)
        else:
            kind = {"x": Kind.COMMAND, "s": Kind.SYMBOL}.get(letter, Kind.STRING)
            self._add(kind, quoted, self.at, start)

    def _words(self, quoted: Quoted, letter: str, start: int) -> tuple[Quoted, ...]:
        if any(not isinstance(part, str) for part in quoted.parts):
            raise Beyond(f"code in %{letter}[]", offset=start)
        text = "".join(str(part) for part in quoted.parts)
        flags = "symbols" if letter in "iI" else ""
        return (Quoted((), flags), *(Quoted((word,)) for word in text.split()))

    def _operator(self) -> None:
        found = _OPERATOR.match(self.program.source, self.at)
        if found is None:
            raise _broken(f"`{self.peek()}` is not understood", "remove it", self.at)
        sign = found[0]
        if sign == "?" and not self._ends_value():
            raise Beyond("a character after ?", offset=self.at)
        self._braces += (sign == "{") - (sign == "}")
        self._choices += (sign == "?") - (sign == ":" and self._choices > 0)
        self._add(Kind.OPERATOR, sign, found.end())

    def _after(self, *values: str) -> bool:
        last = self._tokens[-1] if self._tokens else None
        return (
            last is not None and last.kind in (Kind.OPERATOR, Kind.KEYWORD) and last.value in values
        )

    def _ends_value(self) -> bool:
        """Whether the last token can be the end of a value, so that an operator may follow."""
        if not self._tokens:
            return False
        last = self._tokens[-1]
        if last.kind is Kind.KEYWORD:
            return last.value in VALUE_KEYWORDS
        return last.kind in _VALUES or (
            last.kind is Kind.OPERATOR and last.value in (")", "]", "}")
        )

    def _expects_value(self, width: int) -> bool:
        """Whether a sign of this width begins a value here: ``puts /x/`` but ``n / x``."""
        if not self._ends_value():
            return True
        last = self._tokens[-1]
        ahead = self.program.source[self.at + width : self.at + width + 1]
        calls = last.kind is Kind.NAME and last.value not in self._assigned
        return calls and self._spaced and not ahead.isspace()


def number(text: str) -> int | float:
    """A number literal, without underscores and in lower case."""
    if text[:2] in ("0x", "0b", "0o"):
        return int(text[2:] or "0", {"x": 16, "b": 2, "o": 8}[text[1]])
    if "." in text or "e" in text:
        return float(text)
    return int(text, 8 if _OCTAL.fullmatch(text) else 10)


def _broken(what: str, how: str, offset: int) -> RubyError:
    error = RubyError("SyntaxError", what, how)
    error.offset = offset
    return error
