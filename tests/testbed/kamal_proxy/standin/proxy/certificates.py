"""What a service shows to visitors who speak TLS."""

from __future__ import annotations

import ssl
from pathlib import Path

from standin.goerrors import reason
from standin.log import Log
from standin.options import ServiceOptions
from standin.proxy.errors import NO_CERTIFICATE, NO_WILDCARDS, RefusedError

CHALLENGES = "/.well-known/acme-challenge/"


class HandshakeRefusedError(Exception):
    """There is nothing to show."""


class Certificate:
    """A certificate from files, read when the service was deployed."""

    automatic = False

    def __init__(self, options: ServiceOptions, log: Log) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.set_alpn_protocols(["http/1.1"])
        try:
            self._load(options.tls_certificate_path, options.tls_private_key_path)
        except OSError as error:
            log.error("Error loading TLS certificate", error=str(error))
            raise RefusedError(NO_CERTIFICATE) from error

    def _load(self, certificate: str, key: str) -> None:
        for path in (certificate, key):
            try:
                with Path(path).open("rb"):
                    pass
            except OSError as error:
                raise OSError(f"open {path}: {reason(error)}") from error
        try:
            self._context.load_cert_chain(certificate, key, password="")
        except ssl.SSLError as error:
            words = "private key does not match public key"
            known = error.reason == "KEY_VALUES_MISMATCH"
            raise OSError(f"tls: {words if known else error.reason}") from error

    def context(self) -> ssl.SSLContext:
        """What to show."""
        return self._context


class AutomaticCertificate:
    """What the real kamal-proxy would fetch from Let's Encrypt; here there is none."""

    automatic = True

    def __init__(self, service: str, options: ServiceOptions, log: Log) -> None:
        if any("*" in host for host in options.hosts):
            raise RefusedError(NO_WILDCARDS)
        log.warn(
            "Automatic TLS: the stand-in fetches no certificates; HTTP is redirected, HTTPS fails",
            service=service,
            hosts=options.hosts,
        )

    def context(self) -> ssl.SSLContext:
        """Nothing to show."""
        raise HandshakeRefusedError("the stand-in fetches no certificates")


def certificate(
    service: str, options: ServiceOptions, log: Log
) -> Certificate | AutomaticCertificate | None:
    """What the options ask for; RefusedError if it cannot be had."""
    if not options.tls_enabled:
        return None
    if options.tls_certificate_path and options.tls_private_key_path:
        return Certificate(options, log)
    return AutomaticCertificate(service, options, log)
