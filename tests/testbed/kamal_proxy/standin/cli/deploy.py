"""``deploy``: the flags, what they must not say together, and the call."""

from __future__ import annotations

from standin.cli.client import call
from standin.cli.command import Command
from standin.cli.flags import Flag, UsageError, Words
from standin.cli.kinds import BOOLEAN, DURATION, INTEGER, STRING, STRINGS
from standin.durations import SECOND
from standin.options import DeploymentOptions, ServiceOptions, TargetOptions, to_json
from standin.paths import certificate_path

STAGING = "https://acme-staging-v02.api.letsencrypt.org/directory"

TARGETS = (
    Flag("target", STRINGS, [], "Address of a target, host or host:port"),
    Flag("read-target", STRINGS, [], "Address of a target for reading only"),
)
TIMEOUTS = (
    Flag("deploy-timeout", DURATION, 30 * SECOND, "How long the targets may take to get healthy"),
    Flag("drain-timeout", DURATION, 30 * SECOND, "How long requests may take to leave old targets"),
)


def command() -> Command:
    """The command, with the paths of the user who runs it as defaults."""
    return Command(
        path="kamal-proxy deploy",
        summary="Send a service's requests to new targets",
        run=_run,
        takes="<service>",
        flags=(*TARGETS, *TIMEOUTS, *_service_flags(), *_health_flags(), *_target_flags()),
        check=_check,
        required=("target",),
        together=("tls-certificate-path", "tls-private-key-path"),
    )


def _service_flags() -> tuple[Flag, ...]:
    return (
        Flag("host", STRINGS, [], "Host to serve; none means every host"),
        Flag("path-prefix", STRINGS, [], "Path to serve; none means every path"),
        Flag("strip-path-prefix", BOOLEAN, True, "Forward requests without the prefix"),
        Flag("tls", BOOLEAN, False, "Serve HTTPS"),
        Flag("tls-staging", BOOLEAN, False, "Certificates from Let's Encrypt's staging directory"),
        Flag("tls-certificate-path", STRING, "", "Certificate in PEM"),
        Flag("tls-private-key-path", STRING, "", "Private key in PEM"),
        Flag("tls-acme-cache-path", STRING, str(certificate_path()), "Folder for ACME's files"),
        Flag("tls-redirect", BOOLEAN, True, "Redirect HTTP to HTTPS"),
        Flag("canonical-host", STRING, "", "Redirect every other host to this one"),
        Flag("force", BOOLEAN, False, "Do not wait for the targets to get healthy"),
        Flag("writer-affinity-timeout", DURATION, SECOND, "Time after a write for reads to follow"),
        Flag("read-target-websockets", BOOLEAN, False, "WebSockets may go to read targets"),
        Flag("error-pages", STRING, "", "Folder with error pages, 502.html and so on"),
    )


def _health_flags() -> tuple[Flag, ...]:
    return (
        Flag("health-check-interval", DURATION, SECOND, "Time from one check to the next"),
        Flag("health-check-timeout", DURATION, 5 * SECOND, "Time that one check may take"),
        Flag("health-check-path", STRING, "/up", "Path to ask"),
        Flag("health-check-port", INTEGER, 0, "Port to ask, if not the target's"),
        Flag("health-check-host", STRING, "", "Host header to ask with, if not the target"),
    )


def _target_flags() -> tuple[Flag, ...]:
    return (
        Flag("target-timeout", DURATION, 30 * SECOND, "Time for a target to begin its response"),
        Flag("buffer-requests", BOOLEAN, False, "Read the whole request before forwarding it"),
        Flag("buffer-responses", BOOLEAN, False, "Read the whole response before sending it on"),
        Flag("buffer-memory", INTEGER, 1 << 20, "Bytes of a body to keep in memory"),
        Flag("max-request-body", INTEGER, 0, "Bytes allowed in a buffered request, 0 for any"),
        Flag("max-response-body", INTEGER, 0, "Bytes allowed in a buffered response, 0 for any"),
        Flag("log-request-header", STRINGS, None, "Request header to log"),
        Flag("log-response-header", STRINGS, None, "Response header to log"),
        Flag(
            "forward-headers", BOOLEAN, False, "Trust X-Forwarded headers; the default without TLS"
        ),
        Flag("scope-cookie-paths", BOOLEAN, False, "Put the path prefix into cookies"),
    )


def _run(words: Words) -> None:
    call(
        "Deploy",
        service=words.arguments[0],
        targets=words["target"],
        readers=words["read-target"],
        options=to_json(_service_options(words)),
        target_options=to_json(_target_options(words)),
        deployment=deployment(words, force=words["force"])._asdict(),
    )


def deployment(words: Words, *, force: bool = False) -> DeploymentOptions:
    """The timeouts, for ``deploy`` and ``rollout deploy``."""
    return DeploymentOptions(words["deploy-timeout"], words["drain-timeout"], force)


def _service_options(words: Words) -> ServiceOptions:
    return ServiceOptions.from_json(
        {
            "hosts": words["host"],
            "path_prefixes": words["path-prefix"],
            "tls_enabled": words["tls"],
            "tls_certificate_path": words["tls-certificate-path"],
            "tls_private_key_path": words["tls-private-key-path"],
            "tls_redirect": words["tls-redirect"],
            "canonical_host": words["canonical-host"],
            "acme_directory": STAGING if words["tls-staging"] else "",
            "acme_cache_path": words["tls-acme-cache-path"],
            "error_page_path": words["error-pages"],
            "strip_prefix": words["strip-path-prefix"],
            "writer_affinity_timeout": words["writer-affinity-timeout"],
            "read_targets_accept_websockets": words["read-target-websockets"],
        }
    )


def _target_options(words: Words) -> TargetOptions:
    options = TargetOptions.from_json(
        {
            "health_check_config": {
                name: words[f"health-check-{name}"]
                for name in ("path", "port", "interval", "timeout", "host")
            },
            "response_timeout": words["target-timeout"],
            "buffer_requests": words["buffer-requests"],
            "buffer_responses": words["buffer-responses"],
            "max_memory_buffer_size": words["buffer-memory"],
            "max_request_body_size": words["max-request-body"],
            "max_response_body_size": words["max-response-body"],
            "log_request_headers": words["log-request-header"],
            "log_response_headers": words["log-response-header"],
            "forward_headers": words["forward-headers"],
            "scope_cookie_paths": words["scope-cookie-paths"],
        }
    )
    if "forward-headers" in words.given:
        return options
    return options._replace(forward_headers=not words["tls"])


def _check(words: Words) -> None:
    options = _service_options(words)
    for side in ("request", "response"):
        if f"max-{side}-body" in words.given and f"buffer-{side}s" not in words.given:
            raise UsageError(f"max-{side}-body can only be set when {side} buffering is enabled")
    if options.tls_enabled and not options.serves_root:
        raise UsageError("TLS settings must be specified on the root path service")
    canonical = options.canonical_host
    if canonical and options.hosts[0] and canonical not in options.hosts:
        hosts = " ".join(options.hosts)
        raise UsageError(
            f"canonical-host '{canonical}' must be present in the hosts list: [{hosts}]"
        )
