"""Files that the proxy is pointed to: a certificate, error pages."""

from __future__ import annotations

from pathlib import Path

from lab import certificates

_STOPPED = """<p title='{{ .Message }}'>\
{{ if .Message }}closed: {{ .Message }}{{ else }}closed{{ end }}</p>
"""


def write_all(folder: Path) -> None:
    """Write everything that the conversations know of."""
    write_certificate(folder, "shop.test")
    for name in ("pages", "broken", "empty"):
        (folder / name).mkdir()
    (folder / "pages/503.html").write_text(_STOPPED)
    (folder / "pages/502.html").write_text("<p>broken{{ .Message }}</p>\n")
    (folder / "broken/503.html").write_text("{{ if .Message }}")


def write_certificate(folder: Path, host: str) -> None:
    """Write ``shop.crt`` and ``shop.key`` for the host."""
    certificate, key = certificates.pair(host)
    (folder / "shop.crt").write_text(certificate)
    (folder / "shop.key").write_text(key)
