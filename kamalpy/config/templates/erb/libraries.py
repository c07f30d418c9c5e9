"""Parts of Ruby's libraries: ``File``, ``JSON``, ``YAML``, ``Time``, ``URI``, ``ERB``."""

from __future__ import annotations

import json
import posixpath
import re
from collections import ChainMap
from datetime import datetime, timezone
from urllib.parse import SplitResult, quote, quote_plus, urlsplit

import yaml

from kamalpy.config.document.compose import Composer
from kamalpy.config.machine import architecture
from kamalpy.config.templates.context import Output, Places, path_of, read_text
from kamalpy.config.templates.template_errors import RenderError, RubyError, UnsupportedError
from kamalpy.errors import ConfigurationError

from .collections import flatten
from .values import MethodCall, Methods, Module, Symbol, Template, Value, expect, is_truthy, to_json

_PORTS = {"http": 80, "https": 443, "ftp": 21, "ldap": 389, "ws": 80, "wss": 443}
_DIRECTIVE = re.compile(r"%[-^]?.?", re.DOTALL)


def _read(call: MethodCall, module: Module, name: Value, *, encoding: Value = None) -> str:
    call.meter.spend(100)
    return read_text(expect(name, str), call.context)


def _exists(call: MethodCall, module: Module, name: Value) -> bool:
    call.meter.spend(20)
    try:
        return path_of(expect(name, str), call.context).exists()
    except OSError:
        return False


def _join(call: MethodCall, module: Module, *parts: Value) -> str:
    path = ""
    for index, part in enumerate(flatten(call, list(parts))):
        text = expect(part, str)
        path = f"{path.rstrip('/')}/{text.lstrip('/')}" if index else text
        call.meter.allocate(len(path))
    return path


def _basename(call: MethodCall, module: Module, name: Value, ending: Value = "") -> str:
    base = posixpath.basename(expect(name, str).rstrip("/")) or expect(name, str)[:1]
    if ending == ".*":
        return base.rpartition(".")[0] or base
    return base.removesuffix(expect(ending, str)) if base != ending else base


def _expand_path(call: MethodCall, module: Module, name: Value, start: Value = "") -> str:
    path = expect(name, str)
    if path == "~" or path.startswith("~/"):
        path = call.context.environ.get("HOME", "~") + path[1:]
    elif path.startswith("~"):
        raise UnsupportedError("another user's home in File.expand_path")
    root = str(call.context.root.absolute())
    return posixpath.normpath(posixpath.join(root, expect(start, str), path))


FILE: Methods = {
    "basename": _basename,
    "binread": _read,
    "exist?": _exists,
    "expand_path": _expand_path,
    "join": _join,
    "read": _read,
}


def _from_file(call: MethodCall, value: object, *, symbols: bool) -> Value:
    """Turn what a file holds into values of Ruby, counted."""
    call.meter.spend()
    call.meter.enter()
    if isinstance(value, list):
        value = [_from_file(call, item, symbols=symbols) for item in value]
    elif isinstance(value, dict):
        value = {
            Symbol(str(key)) if symbols else key: _from_file(call, item, symbols=symbols)
            for key, item in value.items()
        }
    elif value is not None and not isinstance(value, (str, int, float)):
        raise UnsupportedError("a date, time or object in this file")
    call.meter.leave()
    return value


def _load_yaml(
    call: MethodCall, module: Module, text: Value, *, symbolize_names: Value = False,
    aliases: Value = False, permitted_classes: Value = None,
) -> Value:  # fmt: skip
    """``YAML.load(text)``, ``YAML.load_file(name)``: always the safe loader."""
    given = expect(text, str)
    given = read_text(given, call.context) if call.name.endswith("_file") else given
    call.meter.spend(len(given) // 10)
    try:
        node = Composer("YAML").compose(given)
    except (yaml.YAMLError, ConfigurationError):
        what = "this is not valid YAML, or not plain YAML"
        raise RubyError("Psych::SyntaxError", what, "fix the file") from None
    plain = None if node is None else node.plain()
    return _from_file(call, plain, symbols=is_truthy(symbolize_names))


def _parse_json(
    call: MethodCall, module: Module, text: Value, *, symbolize_names: Value = False
) -> Value:
    call.meter.spend(len(expect(text, str)) // 10)
    try:
        plain = json.loads(expect(text, str))
    except (ValueError, RecursionError):
        raise RubyError("JSON::ParserError", "this is not valid JSON", "fix it") from None
    return _from_file(call, plain, symbols=is_truthy(symbolize_names))


def parse_uri(call: MethodCall, module: Value, text: Value) -> SplitResult:
    """``URI.parse``"""
    address = expect(text, str)
    try:
        if not re.fullmatch(r"[!-~]*", address) or set(address) & set('<>"{}|\\^`'):
            raise ValueError
        parts = urlsplit(address)
        _ = parts.port, parts.hostname
    except ValueError:
        raise RubyError("URI::InvalidURIError", "this is no address", "give a whole one") from None
    return parts


def _host(call: MethodCall, uri: SplitResult) -> str | None:
    host = uri.hostname
    return f"[{host}]" if host and ":" in host else host


def _escape(call: MethodCall, module: Module, text: Value) -> str:
    """Escape for an address: spaces become ``+`` in forms, ``%20`` elsewhere."""
    is_form = call.name in ("escape", "encode_www_form_component")
    is_uri = module.name == "URI"
    escaped = (quote_plus if is_form else quote)(call.text(text), safe="*" if is_uri else "~")
    return escaped.replace("~", "%7E") if is_uri else escaped


def _strftime(call: MethodCall, time: datetime, pattern: Value) -> str:
    for directive in _DIRECTIVE.findall(expect(pattern, str)):
        if directive[-1] not in "aAbBdDeFHIjmMpRsSTUwWyYZz%":
            raise UnsupportedError(f"{directive} in strftime", '{{ run("date +%Y%m%d") }}')
    return time.strftime(expect(pattern, str))


def _new_template(
    call: MethodCall, module: Module, text: Value, *, trim_mode: Value = None
) -> Template:
    if trim_mode not in (None, "-"):
        raise UnsupportedError("a trim_mode other than -")
    return Template(expect(text, str), trim_mode == "-")


def _render(call: MethodCall, template: Template) -> str:
    """``ERB.new(text).result``: render a template in the template."""
    from .parser import parse  # it needs the table of methods, which this is part of

    context = call.context
    outer, noted = (context.output, context.places), len(context.problems)
    context.output, context.places = Output(), Places(template.text)
    call.meter.spend(len(template.text) // 50)
    try:
        tree = parse(template.text, call.meter, trim=template.trim)
        tree.evaluate(context, ChainMap())
        return context.output.text()
    except RenderError as error:
        error.offset = None  # the offset is that of the call
        raise
    finally:
        context.output, context.places = outer
        for problem in context.problems[noted:]:
            problem.offset = None


TEMPLATE: Methods = {"result": _render}
TIME: Methods = {
    "strftime": _strftime,
    "utc": lambda call, time: time.astimezone(timezone.utc),
}
URI: Methods = {
    "host": _host,
    "password": lambda call, uri: uri.password,
    "path": lambda call, uri: uri.path,
    "port": lambda call, uri: uri.port or _PORTS.get(uri.scheme),
    "query": lambda call, uri: uri.query or None,
    "scheme": lambda call, uri: uri.scheme or None,
    "user": lambda call, uri: uri.username,
}
LIBRARIES: dict[str, Methods] = {
    "CGI": {"escape": _escape},
    "ERB": {"new": _new_template},
    "ERB::Util": {"url_encode": _escape},
    "File": FILE,
    "JSON": {
        "generate": lambda call, module, value: to_json(value, call.meter),
        "parse": _parse_json,
    },
    "Kamal::Utils": {"docker_arch": lambda call, module: architecture()},
    "Time": {"now": lambda call, module: datetime.now().astimezone()},
    "URI": {
        "encode_uri_component": _escape,
        "encode_www_form_component": _escape,
        "parse": parse_uri,
    },
    "YAML": dict.fromkeys(("load", "load_file", "safe_load", "safe_load_file"), _load_yaml),
}
