"""Template to tokens; what a sign means depends on spaces and on the token before it."""

from __future__ import annotations

import re
from dataclasses import replace

from kamalpy.config.templates.limits import Meter
from kamalpy.config.templates.template_errors import LimitError, RubyError, UnsupportedError

from .tags import Part, split_tags
from .tokens import KEYWORDS, VALUES, Kind, Quoted, Token, TokenValue

_SPACES = re.compile(r"(?:[ \t\r\f\v]|\\\r?\n)*(#[^\n]*)?")
_WORD = re.compile(r"defined\?|[^\W\d]\w*(?:[?!](?!=)|[?!](?==[=~>]))?")
_NUMBER = re.compile(r"-?\d[\d_]*(?:\.\d+)?(?!\w)")
_OPERATOR = re.compile(
    r"\|\|=|&&=|<=>|===|\.\.\.|\*\*|==|!=|>=|<=|&&|\|\||=~|!~|\.\.|::|[-+*/%]=|<<|->|=>|&\."
    r"|[-+*/%<>=!&|?:.,()\[\]{}]"
)
_VARIABLE = re.compile(r"@[^\W\d]\w*|\$[1-9~]")
_HEREDOC = re.compile(r"<<[~-]?(?:[A-Z_]\w*|\"\w+\"|'\w+')")
_SYMBOL = re.compile(r":([^\W\d]\w*[?!]?|\[\]|[+\-*/%<>]|==|<<)")
_PERCENT = re.compile(r"%([wWiIqQxr]?)([^\w\s])")
_FLAGS = re.compile(r"[a-z]*")
_LINE_ENDS = re.compile(r"(?:[\s;]|#[^\n]*(?:\n|\Z))*")
_LEADING_DOT = re.compile(r"\.(?!\.)|&\.")
_ASSIGNS = re.compile(r"[ \t]*(?:=(?![=~>])|\|\|=|[+\-*/]=)")
_ESCAPES = dict(zip("ntsreabvf0", "\n\t \r\x1b\a\b\v\f\0", strict=True)) | {"\n": ""}
_UNICODE = re.compile(r"u\{([0-9a-fA-F]{1,5})\}|u([0-9a-fA-F]{4})|x([0-7][0-9a-fA-F])")
_PAIRS = {"(": ")", "[": "]", "{": "}", "<": ">"}
_MAX_NESTING = 20


def tokenize(template: str, meter: Meter, *, trim: bool = True) -> tuple[Token, ...]:
    """Read a whole template; text and the edges of ``<%= %>`` are tokens as well."""
    tokens: list[Token] = []
    assigned: set[str] = set()
    commented = False  # a comment continues behind the end of its tag, up to the end of the line
    for segment in split_tags(template, trim=trim):
        start, end = segment.start, segment.start + len(segment.text)
        if segment.part in (Part.UNCLOSED, Part.TRIMMED):
            raise RubyError("SyntaxError", segment.part.value, "write %>", offset=start)
        if commented:
            commented = "\n" not in segment.text
        elif segment.part is Part.TEXT:
            tokens.append(Token(Kind.TEXT, segment.text, start, end))
        else:
            lexer = Lexer(segment.text, start, meter, assigned)
            inside, commented = lexer.read(), lexer.commented
            output = segment.part is Part.OUTPUT
            if commented and output:
                what = "a comment hides the end of this tag"
                raise RubyError("SyntaxError", what, "remove it", offset=start)
            opening = [Token(Kind.OPEN, None, start, start)] if output else []
            closing = Token(Kind.CLOSE if output else Kind.SEPARATOR, ";", end, end)
            tokens += [*opening, *inside, closing]
    return (*tokens, Token(Kind.END, None, len(template), len(template)))


class Lexer:
    """Reads the code of one tag; ``at`` is its position, ``base`` the offset of the tag."""

    def __init__(self, code: str, base: int, meter: Meter, assigned: set[str]) -> None:
        self.at = 0
        self.commented = False
        self._code = code
        self._base = base
        self._meter = meter
        self._assigned = assigned
        self._tokens: list[Token] = []
        self._spaced = False
        self._braces: list[int] = []
        self._ternaries = 0

    def read(self, close: str = "") -> tuple[Token, ...]:
        """Return all tokens; in a string, those up to the bracket that closes ``#{``."""
        outer, spaced, self._tokens = self._tokens, self._spaced, []
        self._braces.append(0)
        while self._skip_spaces() and not (self._peek() == close and not self._braces[-1]):
            self._read_token(self._peek())
        self._braces.pop()
        tokens, self._tokens, self._spaced = self._tokens, outer, spaced
        return tuple(tokens)

    def _peek(self) -> str:
        return self._code[self.at : self.at + 1]

    def _skip_spaces(self) -> bool:
        """Skip spaces and comments; False at the end."""
        found = _SPACES.match(self._code, self.at)
        end = found.end() if found else self.at
        self._spaced = end > self.at
        self.at = end
        self.commented = bool(found and found[1]) and end == len(self._code)
        return self.at < len(self._code)

    def _read_token(self, character: str) -> None:
        self._meter.spend()
        number = _NUMBER.match(self._code, self.at)
        if character in "\n;":
            self._separator(character)
        elif number and (character != "-" or self._expects_value(1)):
            self._number(number)
        elif character.isalpha() or character == "_":
            self._word()
        elif character in "\"'`":
            self._string(character)
        elif variable := _VARIABLE.match(self._code, self.at):
            self._add(Kind.VARIABLE, variable[0], variable.end())
        else:
            self._sign(character)

    def _add(self, kind: Kind, value: TokenValue, end: int, start: int | None = None) -> None:
        start = self.at if start is None else start
        followed = self._code[end : end + 1] in (" ", "\t", "\n", "\r", "")
        place = self._base + start, self._base + end
        self._tokens.append(Token(kind, value, *place, self._spaced, followed))
        self.at = end

    def _separator(self, character: str) -> None:
        """Add one separator for all that follow; none if the next line begins with a dot."""
        found = _LINE_ENDS.match(self._code, self.at)
        end = found.end() if found else self.at + 1
        if found and ";" not in found[0] and _LEADING_DOT.match(self._code, end):
            self.at = end
        else:
            self._add(Kind.SEPARATOR, character, end)

    def _number(self, found: re.Match[str]) -> None:
        text = found[0].replace("_", "")
        if len(text) > 1_000:
            raise LimitError("this number is too long", offset=self._base + self.at)
        if re.match(r"-?0\d", text):
            raise self._unsupported("an octal number", "{{ 493 }}")
        self._add(Kind.NUMBER, float(text) if "." in text else int(text), found.end())

    def _word(self) -> None:
        found = _WORD.match(self._code, self.at)
        name, end = (found[0], found.end()) if found else (self._peek(), self.at + 1)
        colon = self._code[end : end + 1] == ":" and self._code[end + 1 : end + 2] != ":"
        if colon and not self._follows("?", ".", "&."):
            self._add(Kind.LABEL, name, end + 1)
        elif name in KEYWORDS and not self._follows(".", "&."):
            self._add(Kind.KEYWORD, name, end)
        elif name[0].isupper():
            self._add(Kind.CONSTANT, name, end)
        else:
            if self._follows("|", ",", "=>") or _ASSIGNS.match(self._code, end):
                self._assigned.add(name)
            self._add(Kind.NAME, name, end)

    def _string(self, character: str) -> None:
        start = self.at
        quoted = self._quoted(start + 1, character, plain=character == "'")
        self._add(Kind.COMMAND if character == "`" else Kind.STRING, quoted, self.at, start)

    def _sign(self, character: str) -> None:
        percent = _PERCENT.match(self._code, self.at)
        if character == "/" and self._expects_value(1):
            self._regexp("/", "", 1)
        elif percent and self._expects_value(1):
            self._percent(percent[1], percent[2])
        elif _HEREDOC.match(self._code, self.at) and self._expects_value(2):
            raise self._unsupported("a here-document (<<~)", "{% set text %}...{% endset %}")
        elif character != ":" or self._code.startswith("::", self.at) or not self._symbol():
            self._operator()

    def _symbol(self) -> bool:
        start, found = self.at, _SYMBOL.match(self._code, self.at)
        if (self._ternaries and self._ends_value()) or not self._expects_value(1):
            return False
        if self._code.startswith(':"', start):
            self._add(Kind.SYMBOL, self._quoted(start + 2, '"'), self.at, start)
        elif found:
            self._add(Kind.SYMBOL, Quoted((found[1],)), found.end())
        return self.at > start

    def _regexp(self, close: str, nest: str, width: int) -> None:
        start = self.at
        quoted = self._quoted(start + width, close, nest, regexp=True)
        flags = _FLAGS.match(self._code, self.at)
        letters = flags[0] if flags else ""
        self._add(Kind.REGEXP, replace(quoted, flags=letters), self.at + len(letters), start)

    def _percent(self, letter: str, opening: str) -> None:
        start = self.at
        close, nest = _PAIRS.get(opening, opening), opening if opening in _PAIRS else ""
        if letter == "r":
            self._regexp(close, nest, 3)
            return
        plain = letter in ("w", "i", "q")
        quoted = self._quoted(start + 2 + len(letter), close, nest, plain=plain)
        kind = Kind.COMMAND if letter == "x" else Kind.STRING
        if letter and letter in "wWiI":
            if any(not isinstance(part, str) for part in quoted.parts):
                raise self._unsupported(f"code in %{letter}[]", "{{ [name, other] }}")
            words = "".join(map(str, quoted.parts)).split()
            quoted, kind = Quoted(tuple(words), "symbols" if letter in "iI" else ""), Kind.WORDS
        self._add(kind, quoted, self.at, start)

    def _quoted(
        self, at: int, close: str, nest: str = "", *, plain: bool = False, regexp: bool = False
    ) -> Quoted:
        """Read up to the closing quote, and move behind it."""
        self.at, depth = at, 0
        parts: list[str | tuple[Token, ...]] = [""]
        while depth or self._peek() != close:
            character = self._take(at - 1, close)
            depth += (character == nest) - (character == close)
            if character == "#" and not plain and self._peek() in ("{", "@", "$"):
                parts += [self._interpolated(), ""]
                continue
            if character == "\\":
                character = self._take(at - 1, close)
                if regexp:
                    character = "/" if character == "/" else "\\" + character
                elif plain:
                    kept = character in ("\\", close, nest)
                    character = character if kept else "\\" + character
                else:
                    character = self._escape(character)
            parts[-1] = f"{parts[-1]}{character}"
        self.at += 1
        return Quoted(tuple(part for part in parts if part != ""))

    def _take(self, start: int, close: str) -> str:
        character = self._peek()
        if not character:
            what = "the quote that begins here has no end"
            how = f"close it with {close} before the end of the tag"
            raise RubyError("SyntaxError", what, how, offset=self._base + start)
        self.at += 1
        return character

    def _interpolated(self) -> tuple[Token, ...]:
        start = self._base + self.at
        variable = _VARIABLE.match(self._code, self.at)
        if variable:
            self.at = variable.end()
            tokens: tuple[Token, ...] = (Token(Kind.VARIABLE, variable[0], start, start),)
        elif self._peek() != "{" or len(self._braces) > _MAX_NESTING:
            raise self._unsupported("this variable, or this much nesting, in a string")
        else:
            self.at += 1
            tokens = self.read("}")
            if not self._peek():
                what = "the #{ that begins here has no end"
                raise RubyError("SyntaxError", what, "write }", offset=start)
            self.at += 1
        return (*tokens, Token(Kind.END, None, start, start))

    def _escape(self, character: str) -> str:
        code = _UNICODE.match(self._code, self.at - 1)
        if code is None and character not in "uxcCM1234567":
            return _ESCAPES.get(character, character)
        number = int(code[1] or code[2] or code[3], 16) if code else 0xD800
        if code is None or 0xD800 <= number <= 0xDFFF:
            raise self._unsupported(f"the escape \\{character}")
        self.at = code.end()
        return chr(number)

    def _operator(self) -> None:
        found = _OPERATOR.match(self._code, self.at)
        if found is None or (found[0] == "?" and not self._ends_value()):
            raise self._unsupported(f"`{self._code[self.at : self.at + 2].strip()}`")
        sign = found[0]
        self._braces[-1] += (sign == "{") - (sign == "}")
        self._ternaries += (sign == "?") - (sign == ":" and self._ternaries > 0)
        self._add(Kind.OPERATOR, sign, found.end())

    def _follows(self, *values: str) -> bool:
        last = self._tokens[-1] if self._tokens else None
        signs = (Kind.OPERATOR, Kind.KEYWORD)
        return last is not None and last.kind in signs and last.value in values

    def _ends_value(self) -> bool:
        """Tell whether the last token can end a value, so that an operator may follow."""
        ends = (")", "]", "}", "end", "false", "nil", "self", "true")
        return bool(self._tokens) and (self._tokens[-1].kind in VALUES or self._follows(*ends))

    def _expects_value(self, width: int) -> bool:
        """Tell whether a sign of this width begins a value here: ``puts /x/`` but ``n / x``."""
        if not self._ends_value():
            return True
        last = self._tokens[-1]
        ahead = self._code[self.at + width : self.at + width + 1]
        calls = last.kind is Kind.NAME and last.value not in self._assigned
        return calls and self._spaced and not ahead.isspace()

    def _unsupported(self, what: str, jinja: str = "") -> UnsupportedError:
        return UnsupportedError(what, jinja, self._base + self.at)
