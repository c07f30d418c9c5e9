"""Template to tokens; what a sign means depends on spaces and on the token before it."""

from __future__ import annotations

import re

from kamalpy.config.templates.erb import Part, split_tags
from kamalpy.config.templates.limits import Meter
from kamalpy.config.templates.template_errors import LimitError, RubyError, UnsupportedError

from .tokens import KEYWORDS, VALUES, Kind, Quoted, Token, TokenValue

_SPACES = re.compile(r"(?:[ \t\r\f\v]|\\\r?\n)*(#[^\n]*)?")
_WORD = re.compile(r"defined\?|[^\W\d]\w*(?:[?!](?!=)|[?!](?==[=~>]))?")
_NUMBER = re.compile(
    r"-?(?:0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO]?[0-7_]+(?![\d.])|\d[\d_]*(?:\.\d+)?)"
)
_OPERATOR = re.compile(
    r"\*\*=|\|\|=|&&=|<=>|===|\.\.\.|<<=|>>=|\*\*|==|!=|>=|<=|&&|\|\||=~|!~|\.\.|::|\+=|-=|\*="
    r"|/=|%=|\|=|&=|\^=|<<|>>|->|=>|&\.|[-+*/%<>=!&|^~?:.,()\[\]{}]"
)
_VARIABLE = re.compile(r"@[^\W\d]\w*|\$[1-9~]")
_HEREDOC = re.compile(r"<<[~-]?(?:[A-Z_]\w*|\"\w+\"|'\w+')")
_SYMBOL = re.compile(r":([^\W\d]\w*[?!]?|\[\]|[+\-*/%<>]|==|<=>|<<)")
_PERCENT = re.compile(r"%([wWiIqQxr]?)([^\w\s])")
_FLAGS = re.compile(r"[a-z]*")
_LINE_ENDS = re.compile(r"(?:[\s;]|#[^\n]*(?:\n|\Z))*")
_LEADING_DOT = re.compile(r"\.(?!\.)|&\.")
_ASSIGNS = re.compile(r"[ \t]*(?:=(?![=~>])|\|\|=|[+\-*/]=)")
_VALUE_KEYWORDS = ("end", "false", "nil", "self", "true", "__FILE__")
_ESCAPES = dict(zip("ntsreabvf0", "\n\t \r\x1b\a\b\v\f\0", strict=True)) | {"\n": ""}
_CODE = re.compile(r"u\{\s*([0-9a-fA-F]{1,6})\s*\}|u([0-9a-fA-F]{4})|x([0-7][0-9a-fA-F])")
_PAIRS = {"(": ")", "[": "]", "{": "}", "<": ">"}
_FIXES = {Part.UNCLOSED: "write %>", Part.TRIMMED: "write %>"}
_MAX_NESTING = 20
_MAX_DIGITS = 1_000


def tokenize(template: str, meter: Meter, *, trim: bool = True) -> tuple[Token, ...]:
    """Read a whole template; text and the edges of ``<%= %>`` are tokens as well."""
    tokens: list[Token] = []
    assigned: set[str] = set()
    commented = False  # a comment goes on behind the end of its tag, up to the end of the line
    for segment in split_tags(template, trim=trim):
        start, end = segment.start, segment.start + len(segment.text)
        if segment.part in _FIXES:
            raise _syntax_error(segment.part.value, _FIXES[segment.part], start)
        if commented:
            commented = "\n" not in segment.text
        elif segment.part is Part.TEXT:
            tokens.append(Token(Kind.TEXT, segment.text, start, end))
        else:
            output = segment.part is Part.OUTPUT
            lexer = Lexer(segment.text, start, meter, assigned)
            inside = lexer.read()
            opening = [Token(Kind.OPEN, None, start, start)] if output else []
            closing = Token(Kind.CLOSE if output else Kind.SEPARATOR, ";", end, end)
            tokens += [*opening, *inside, closing]
            commented = lexer.commented
            if commented and output:
                raise _syntax_error("a comment hides the end of this tag", "remove it", start)
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
        outer, self._tokens = self._tokens, []
        self._braces.append(0)
        while self._skip_spaces() and not (self._peek() == close and not self._braces[-1]):
            self._read_token()
        self._braces.pop()
        tokens, self._tokens = self._tokens, outer
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

    def _read_token(self) -> None:
        self._meter.spend()
        character = self._peek()
        if character in "\n;":
            self._separator(character)
        elif character.isdecimal() or self._begins_negative_number():
            self._number()
        elif character.isalpha() or character == "_":
            self._word()
        elif character in "\"'`":
            self._string(character)
        elif found := _VARIABLE.match(self._code, self.at):
            self._add(Kind.VARIABLE, found[0], found.end())
        else:
            self._sign(character)

    def _add(self, kind: Kind, value: TokenValue, end: int, start: int | None = None) -> None:
        start = self.at if start is None else start
        followed = self._code[end : end + 1] in (" ", "\t", "\n", "\r", "")
        place = self._base + start, self._base + end
        self._tokens.append(Token(kind, value, *place, self._spaced, followed))
        self.at = end

    def _begins_negative_number(self) -> bool:
        ahead = self._code[self.at : self.at + 2]
        return ahead[:1] == "-" and ahead[1:].isdecimal() and self._expects_value(1)

    def _separator(self, character: str) -> None:
        """Add one separator for all that follow; none if the next line begins with a dot."""
        found = _LINE_ENDS.match(self._code, self.at)
        end = found.end() if found else self.at + 1
        if found and ";" not in found[0] and _LEADING_DOT.match(self._code, end):
            self.at = end
        else:
            self._add(Kind.SEPARATOR, character, end)

    def _number(self) -> None:
        found = _NUMBER.match(self._code, self.at)
        text = found[0].replace("_", "").lower() if found else ""
        after = self._code[found.end() : found.end() + 1] if found else ""
        if found is None or after.isalpha() or re.fullmatch(r"-?0\d*[89]\d*", text):
            raise self._error("this is no number", "quote it if it is text")
        if len(text) > _MAX_DIGITS:
            how = "quote it if it is text"
            raise LimitError("this number is too long", how, self._base + self.at)
        octal = text.lstrip("-").isdecimal() and text.lstrip("-")[0] == "0"
        value = float(text) if "." in text else int(text, 8 if octal else 0)
        self._add(Kind.NUMBER, value, found.end())

    def _word(self) -> None:
        found = _WORD.match(self._code, self.at)
        if found is None:
            raise self._error(f"{self._peek()} is not understood", "write %>")
        name, end = found[0], found.end()
        if self._is_label(end):
            self._add(Kind.LABEL, name, end + 1)
        elif self._follows(".", "&."):
            self._add(Kind.NAME, name, end)
        elif name in KEYWORDS:
            self._add(Kind.KEYWORD, name, end)
        elif name[0].isupper():
            self._add(Kind.CONSTANT, name, end)
        else:
            if self._follows("|", ",", "=>") or _ASSIGNS.match(self._code, end):
                self._assigned.add(name)
            self._add(Kind.NAME, name, end)

    def _is_label(self, end: int) -> bool:
        colon = self._code[end : end + 1] == ":" and self._code[end + 1 : end + 2] != ":"
        return colon and not self._follows("?", ".", "&.")

    def _string(self, character: str) -> None:
        start = self.at
        quoted = self._quoted(start + 1, character, plain=character == "'")
        if character == "`":
            self._add(Kind.COMMAND, quoted, self.at, start)
        elif self._is_label(self.at) and self._follows("{", ",", "("):
            name = quoted.parts[0] if len(quoted.parts) == 1 else None
            if not isinstance(name, str):
                raise UnsupportedError("a key made of several parts", offset=self._base + start)
            self._add(Kind.LABEL, name, self.at + 1, start)
        else:
            self._add(Kind.STRING, quoted, self.at, start)

    def _sign(self, character: str) -> None:
        percent = _PERCENT.match(self._code, self.at)
        if character == "/" and self._expects_value(1):
            self._regexp("/", "", 1)
        elif percent and self._expects_value(1):
            self._percent(percent[1], percent[2])
        elif _HEREDOC.match(self._code, self.at) and self._expects_value(2):
            jinja = "{% set text %}...{% endset %}"
            raise UnsupportedError("a here-document (<<~)", jinja, self._base + self.at)
        elif character != ":" or self._code.startswith("::", self.at) or not self._symbol():
            self._operator()

    def _symbol(self) -> bool:
        if self._ternaries and self._ends_value():
            return False
        start = self.at
        found = _SYMBOL.match(self._code, start)
        if self._code[start + 1 : start + 2] == '"':
            self._add(Kind.SYMBOL, self._quoted(start + 2, '"'), self.at, start)
            return True
        if found and self._expects_value(1):
            self._add(Kind.SYMBOL, Quoted((found[1],)), found.end())
            return True
        return False

    def _regexp(self, close: str, nest: str, width: int) -> None:
        start = self.at
        quoted = self._quoted(start + width, close, nest, regexp=True)
        flags = _FLAGS.match(self._code, self.at)
        letters = flags[0] if flags else ""
        self._add(Kind.REGEXP, Quoted(quoted.parts, letters), self.at + len(letters), start)

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
                raise UnsupportedError(f"code in %{letter}[]", offset=self._base + start)
            words = "".join(map(str, quoted.parts)).split()
            quoted, kind = Quoted(tuple(words), "symbols" if letter in "iI" else ""), Kind.WORDS
        self._add(kind, quoted, self.at, start)

    def _quoted(
        self, at: int, close: str, nest: str = "", *, plain: bool = False, regexp: bool = False
    ) -> Quoted:
        """Read up to the closing quote, and move behind it."""
        self.at = at
        parts: list[str | tuple[Token, ...]] = [""]
        depth = 0
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
            raise _syntax_error(what, how, self._base + start)
        self.at += 1
        return character

    def _interpolated(self) -> tuple[Token, ...]:
        start = self.at
        if self._peek() != "{":
            variable = _VARIABLE.match(self._code, start)
            if variable is None:
                raise UnsupportedError(
                    "this variable in a string", "{{ name }}", self._base + start
                )
            self.at = variable.end()
            place = self._base + start, self._base + self.at
            return Token(Kind.VARIABLE, variable[0], *place), Token(Kind.END, None, *place)
        if len(self._braces) > _MAX_NESTING:
            how = "use local variables"
            raise LimitError("strings are nested too deeply here", how, self._base + start)
        self.at += 1
        tokens = self.read("}")
        if not self._peek():
            raise _syntax_error("the #{ that begins here has no end", "write }", self._base + start)
        self.at += 1
        return (*tokens, Token(Kind.END, None, self._base + self.at, self._base + self.at))

    def _escape(self, character: str) -> str:
        code = _CODE.match(self._code, self.at - 1)
        if code is None:
            octal = character in "01234567" and self._peek().isdecimal()
            if octal or character in "uxcCM1234567":
                raise UnsupportedError(f"the escape \\{character}", offset=self._base + self.at - 2)
            return _ESCAPES.get(character, character)
        self.at = code.end()
        number = int(code[1] or code[2] or code[3], 16)
        if 0xD800 <= number <= 0xDFFF or number > 0x10FFFF:
            at = self._base + code.start() - 1
            raise UnsupportedError("an escape that is no character", offset=at)
        return chr(number)

    def _operator(self) -> None:
        found = _OPERATOR.match(self._code, self.at)
        if self._peek() == "$":
            raise UnsupportedError("a global variable", "{{ name }}", self._base + self.at)
        if found is None:
            raise self._error(f"`{self._peek()}` is not understood", "remove it")
        sign = found[0]
        if sign == "?" and not self._ends_value():
            raise UnsupportedError("a character after ?", offset=self._base + self.at)
        self._braces[-1] += (sign == "{") - (sign == "}")
        self._ternaries += (sign == "?") - (sign == ":" and self._ternaries > 0)
        self._add(Kind.OPERATOR, sign, found.end())

    def _follows(self, *values: str) -> bool:
        last = self._tokens[-1] if self._tokens else None
        signs = (Kind.OPERATOR, Kind.KEYWORD)
        return last is not None and last.kind in signs and last.value in values

    def _ends_value(self) -> bool:
        """Tell whether the last token can end a value, so that an operator may follow."""
        if not self._tokens:
            return False
        return self._tokens[-1].kind in VALUES or self._follows(")", "]", "}", *_VALUE_KEYWORDS)

    def _expects_value(self, width: int) -> bool:
        """Tell whether a sign of this width begins a value here: ``puts /x/`` but ``n / x``."""
        if not self._ends_value():
            return True
        last = self._tokens[-1]
        ahead = self._code[self.at + width : self.at + width + 1]
        calls = last.kind is Kind.NAME and last.value not in self._assigned
        return calls and self._spaced and not ahead.isspace()

    def _error(self, what: str, how: str) -> RubyError:
        return _syntax_error(what, how, self._base + self.at)


def _syntax_error(what: str, how: str, offset: int) -> RubyError:
    return RubyError("SyntaxError", what, how, offset=offset)
