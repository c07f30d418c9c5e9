"""The server's log: one JSON object a line, on standard output."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any, BinaryIO


@dataclass(frozen=True)
class Log:
    """Where the lines go, and whether the small talk goes too."""

    stream: BinaryIO
    verbose: bool = False

    def debug(self, message: str, **attributes: Any) -> None:
        """Say what is of interest to few."""
        if self.verbose:
            self._write("DEBUG", message, attributes)

    def info(self, message: str, **attributes: Any) -> None:
        """Say what happened."""
        self._write("INFO", message, attributes)

    def warn(self, message: str, **attributes: Any) -> None:
        """Say what somebody may want to look at."""
        self._write("WARN", message, attributes)

    def error(self, message: str, **attributes: Any) -> None:
        """Say what went wrong."""
        self._write("ERROR", message, attributes)

    def _write(self, level: str, message: str, attributes: dict[str, Any]) -> None:
        record = {"time": _now(), "level": level, "msg": message, **attributes}
        line = json.dumps(record, separators=(",", ":"), ensure_ascii=False)
        self.stream.write(line.encode("utf-8", "replace") + b"\n")
        self.stream.flush()


def _now() -> str:
    seconds, nanoseconds = divmod(time.time_ns(), 1_000_000_000)
    local = time.localtime(seconds)
    text = time.strftime("%Y-%m-%dT%H:%M:%S", local) + f".{nanoseconds:09d}".rstrip("0").rstrip(".")
    offset = local.tm_gmtoff // 60
    if not offset:
        return text + "Z"
    hours, minutes = divmod(abs(offset), 60)
    return f"{text}{'-' if offset < 0 else '+'}{hours:02d}:{minutes:02d}"
