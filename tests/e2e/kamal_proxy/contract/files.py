"""Files that the proxy is pointed to: a certificate, error pages."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

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
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    now = datetime.now(timezone.utc)
    certificate = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "shop.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "shop.key").write_bytes(secret)
