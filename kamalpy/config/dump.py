"""What ``kamal config`` prints: the same keys in the same order and form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from kamalpy.config.configuration import Configuration
from kamalpy.config.document.emit import RubyObject, emit
from kamalpy.config.document.ruby import ESCAPES, Symbol
from kamalpy.config.draft import as_dict

DOLLAR = re.compile(r"\$(?!\{[^}]*\})")
SECRET_NAME = re.compile(r"\w+")


def dump(config: Configuration) -> str:
    """Print a configuration; secrets are shown by name."""
    return emit(_symbols(shown(config)))


def plain(config: Configuration) -> dict[str, Any]:
    """Return the same in types of JSON."""
    return {key: _json(value) for key, value in shown(config).items() if value is not None}


def shown(config: Configuration) -> dict[str, Any]:
    """Choose what is printed, in Kamal's order; what is None is left out."""
    raw = config.document.plain()
    return {
        "roles": [role.name for role in config.sorted_roles],
        "hosts": list(config.hosts),
        "primary_host": config.primary_host if config.roles else None,
        "version": config.version,
        "repository": config.repository,
        "absolute_image": config.absolute_image,
        "service_with_version": config.service_with_version,
        "volume_args": _each("--volume", raw.get("volumes", ())),
        "ssh_options": _symbols(_ssh(config, as_dict(raw.get("ssh")))),
        "sshkit": raw.get("sshkit", {}),
        "builder": raw.get("builder", {}),
        "accessories": raw.get("accessories"),
        "logging": _logging(config, as_dict(as_dict(raw.get("logging")).get("options"))),
    }


def _symbols(values: Mapping[str, Any]) -> dict[Symbol, Any]:
    return {Symbol(key): value for key, value in values.items() if value is not None}


def _json(value: Any) -> Any:
    if isinstance(value, RubyObject):
        return _json(value.variables)
    if isinstance(value, dict):
        return {str(key): _json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_json(item) for item in value]
    return value if value is None or isinstance(value, (str, bool, int, float)) else str(value)


def _each(flag: str, values: Iterable[Any]) -> list[Any]:
    return [word for value in values for word in (flag, value)]


def _ssh(config: Configuration, raw: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "user": raw.get("user", "root"),
        "port": raw.get("port", 22),
        "proxy": _proxy(config),
        "keepalive": True,
        "keepalive_interval": 30,
        "keys_only": raw.get("keys_only"),
        "keys": raw.get("keys"),
        "key_data": masked(config.ssh.key_data),
        "config": raw.get("config"),
        "forward_agent": raw.get("forward_agent"),
        "log_level": raw.get("log_level", Symbol("fatal")),
    }


def _proxy(config: Configuration) -> RubyObject | None:
    if config.ssh.jump is not None:
        return RubyObject("Net::SSH::Proxy::Jump", {"jump_proxies": config.ssh.jump})
    if config.ssh.proxy_command is None:
        return None
    variables = {
        "command_line_template": config.ssh.proxy_command,
        "command_line": None,
        "timeout": 60,
    }
    return RubyObject("Net::SSH::Proxy::Command", variables)


def masked(keys: tuple[str, ...] | None) -> list[str] | None:
    """Show the names of secrets; redact anything else."""
    if keys is None:
        return None
    return [key if SECRET_NAME.fullmatch(key) else "[REDACTED]" for key in keys]


def _logging(config: Configuration, raw: Mapping[str, Any]) -> list[str]:
    driver = config.logging.driver
    words = ["--log-driver", quoted(driver)] if driver is not None else []
    for key, value in config.logging.options.items():
        off = raw.get(key) is False
        words += ["--log-opt", f"{key}={value if off else quoted(value)}" if value else key]
    return words


def quoted(value: str) -> str:
    """Quote a value as Kamal quotes it for the shell, non-ASCII left outside of the quotes."""
    parts = re.findall(r"[\x00-\x7f]+|[^\x00-\x7f]+", value)
    return "".join(_ascii(part) if part.isascii() else part for part in parts)


def _ascii(part: str) -> str:
    text = "".join(_escaped(letter) for letter in part)
    text = re.sub(r"#(?=[{$@])", r"\\#", text)
    return '"' + DOLLAR.sub(r"\\$", text.replace("`", "\\`")) + '"'


def _escaped(letter: str) -> str:
    if letter in ('"', "\\"):
        return f"\\{letter}"
    return letter if " " <= letter <= "~" else ESCAPES.get(letter, f"\\x{ord(letter):02X}")
