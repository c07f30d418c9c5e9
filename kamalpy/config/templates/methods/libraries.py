"""Parts of Ruby's libraries: ``JSON``, ``YAML``, ``Time``, ``URI``, ``ERB``, ``Kamal::Utils``."""

from __future__ import annotations

import json
import platform
import re
from collections.abc import Callable
from datetime import datetime, timezone
from urllib.parse import SplitResult, quote, quote_plus, urlsplit

import yaml

from kamalpy.config.document.compose import Composer
from kamalpy.config.templates.evaluation.formatting import to_json
from kamalpy.config.templates.evaluation.values import (
    Module,
    Symbol,
    Template,
    Value,
    is_truthy,
    to_str,
)
from kamalpy.config.templates.project_files import read_text
from kamalpy.config.templates.template_errors import RubyError, UnsupportedError
from kamalpy.errors import ConfigurationError

from .calls import MethodCall, Methods

_PORTS = {"http": 80, "https": 443, "ftp": 21, "ldap": 389, "ws": 80, "wss": 443}
_DIRECTIVE = re.compile(r"%(-|0|\^)?([a-zA-Z%])")
_SHORT = {"F": "%Y-%m-%d", "T": "%H:%M:%S", "D": "%m/%d/%y", "R": "%H:%M", "X": "%H:%M:%S"}
_DATE_LETTERS = "aAbBdHIjmMpSUwWyYZz%"
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def _loaded(call: MethodCall, value: object, *, symbols: bool) -> Value:
    """Turn what a file holds into values of Ruby, counted."""
    call.meter.spend()
    call.meter.enter()
    if isinstance(value, list):
        value = [_loaded(call, item, symbols=symbols) for item in value]
    elif isinstance(value, dict):
        value = {
            Symbol(str(key)) if symbols else key: _loaded(call, item, symbols=symbols)
            for key, item in value.items()
        }
    elif value is not None and not isinstance(value, (str, int, float, bool, Symbol)):
        raise UnsupportedError("a date, time or object in this file")
    call.meter.leave()
    return value


def _yaml(call: MethodCall, text: str, *, symbolize_names: Value) -> Value:
    call.meter.spend(len(text) // 10)
    try:
        node = Composer("YAML").compose(text)
    except (yaml.YAMLError, ConfigurationError):
        what = "this is not valid YAML, or not plain YAML"
        raise RubyError("Psych::SyntaxError", what, "fix the file") from None
    plain = None if node is None else node.plain()
    return _loaded(call, plain, symbols=is_truthy(symbolize_names))


def _load_yaml(
    call: MethodCall, module: Module, text: Value, *, symbolize_names: Value = False,
    aliases: Value = False, permitted_classes: Value = None,
) -> Value:  # fmt: skip
    return _yaml(call, to_str(text), symbolize_names=symbolize_names)


def _load_yaml_file(
    call: MethodCall, module: Module, name: Value, *, symbolize_names: Value = False,
    aliases: Value = False, permitted_classes: Value = None,
) -> Value:  # fmt: skip
    text = read_text(to_str(name), call.context)
    return _yaml(call, text, symbolize_names=symbolize_names)


def _parse_json(
    call: MethodCall, module: Module, text: Value, *, symbolize_names: Value = False
) -> Value:
    call.meter.spend(len(to_str(text)) // 10)
    try:
        plain = json.loads(to_str(text))
    except (ValueError, RecursionError):
        raise RubyError("JSON::ParserError", "this is not valid JSON", "fix it") from None
    return _loaded(call, plain, symbols=is_truthy(symbolize_names))


def parse_uri(call: MethodCall, module: Value, text: Value) -> SplitResult:
    """``URI.parse``"""
    address = to_str(text)
    clean = address.isascii() and address.isprintable() and not set(address) & set(' <>"{}|\\^`')
    try:
        parts = urlsplit(address)
        if not clean or (parts.port, parts.hostname) == ():
            raise ValueError
    except ValueError:
        raise RubyError("URI::InvalidURIError", "this is no address", "give a whole one") from None
    return parts


def _host(call: MethodCall, uri: SplitResult) -> str | None:
    host = uri.hostname
    return f"[{host}]" if host and ":" in host else host


def _escaped(escape: Callable[[str], str]) -> Callable[[MethodCall, Module, Value], str]:
    return lambda call, module, text: call.sized(escape(call.text(text)))


def _now(call: MethodCall, module: Module) -> datetime:
    return datetime.now().astimezone()


def _strftime(call: MethodCall, time: datetime, pattern: Value) -> str:
    return call.sized(_DIRECTIVE.sub(lambda found: _time_part(time, found), to_str(pattern)))


def _time_part(time: datetime, found: re.Match[str]) -> str:
    flag, letter = found.groups()
    if letter not in _DATE_LETTERS and letter not in "sLe" and letter not in _SHORT:
        raise UnsupportedError(f"%{letter} in strftime", '{{ run("date +%Y%m%d") }}')
    shown = {
        "s": str(int(time.timestamp())),
        "L": f"{time.microsecond // 1000:03d}",
        "e": f"{time.day:2d}",
    }.get(letter) or time.strftime(_SHORT.get(letter, f"%{letter}"))
    if flag == "^":
        return shown.upper()
    return (shown.lstrip("0") or "0") if flag == "-" else shown


def _new_template(
    call: MethodCall, module: Module, text: Value, *, trim_mode: Value = None
) -> Template:
    if trim_mode not in (None, "-"):
        raise UnsupportedError("a trim_mode other than -")
    return Template(to_str(text), trim_mode == "-")


def _docker_arch(call: MethodCall, module: Module) -> str:
    machine = platform.machine()
    return _ARCHITECTURES.get(machine, machine)


JSON: Methods = {
    "generate": lambda call, module, value: to_json(value, call.meter),
    "parse": _parse_json,
}
YAML: Methods = {
    **dict.fromkeys(("load", "safe_load"), _load_yaml),
    **dict.fromkeys(("load_file", "safe_load_file"), _load_yaml_file),
}
URI: Methods = {
    "fragment": lambda call, uri: uri.fragment or None,
    "host": _host,
    "hostname": lambda call, uri: uri.hostname,
    "password": lambda call, uri: uri.password,
    "path": lambda call, uri: uri.path,
    "port": lambda call, uri: uri.port or _PORTS.get(uri.scheme),
    "query": lambda call, uri: uri.query or None,
    "scheme": lambda call, uri: uri.scheme or None,
    "user": lambda call, uri: uri.username,
}
URI_CLASS: Methods = {
    "encode_uri_component": _escaped(lambda text: quote(text, safe="*-._").replace("~", "%7E")),
    "encode_www_form_component": _escaped(
        lambda text: quote_plus(text, safe="*-._").replace("~", "%7E")
    ),
    "escape": _escaped(lambda text: quote_plus(text, safe="*-._~")),
    "parse": parse_uri,
    "url_encode": _escaped(lambda text: quote(text, safe="-._~")),
}
TIME_CLASS: Methods = {"now": _now}
TIME: Methods = {
    "strftime": _strftime,
    "to_i": lambda call, time: int(time.timestamp()),
    "utc": lambda call, time: time.astimezone(timezone.utc),
    "year": lambda call, time: time.year,
}
ERB_CLASS: Methods = {"new": _new_template}
KAMAL_UTILS: Methods = {"docker_arch": _docker_arch}
