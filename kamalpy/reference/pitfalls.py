"""What people stumble over, key by key."""

from __future__ import annotations

from collections.abc import Mapping

_QUOTES = "YAML reads yes, no, 0640 and 22:22 as something else: put them in quotes"

PITFALLS: Mapping[str, str] = {
    "service": "containers are found by this name: with another one, a second app is deployed "
    "next to the first",
    "image": 'a tag gets the version as a second one; "build: false" under x-kamalpy deploys an '
    "image as it is",
    "servers": "a list is the role web; all hosts of all roles are deployed to, or none",
    "servers/ROLE/hosts": "a name or address alone: user and port stand under ssh",
    "servers/ROLE/cmd": "is split into words and run by no shell; for one, write sh -c '...'",
    "servers/ROLE/proxy": "only the primary role is behind the proxy unless it is said here",
    "servers/ROLE/stop_timeout": "a job that takes longer is killed",
    "servers/ROLE/options": 'restart is the restart policy; "no" needs its quotes',
    "labels": "service, role and destination are set for you, and have no effect here",
    "volumes": "Docker makes a missing folder of the host as root's: an app with another user "
    "cannot write to it",
    "asset_path": "only roles behind the proxy have it; the folder must exist in the image",
    "hooks_path": "a hook must be executable and have no extension: pre-deploy, not pre-deploy.sh",
    "secrets_path": "with a destination, .kamal/secrets.DESTINATION is read instead of "
    ".kamal/secrets; what both need stands in .kamal/secrets-common",
    "error_pages_path": "only files like 404.html and 503.html are taken, and only by a deploy",
    "primary_role": "must exist and have hosts; its first host goes before all others",
    "retain_containers": "a rollback reaches back so far",
    "minimum_version": "is a version of Kamal, not of kamalpy",
    "readiness_delay": "counts only for roles without proxy and without a health check in the "
    "image",
    "deploy_timeout": "an app that migrates its database when it starts needs more",
    "drain_timeout": "WebSockets are not waited for",
    "run_directory": "has no effect",
    "registry/server": "is left out for Docker Hub; localhost:5000 is a registry of this machine, "
    "plain localhost is none",
    "registry/password": "the name of a secret, in a list: a string is the password itself, and "
    "would be in git",
    "env": "as soon as clear or secret is there, every variable stands below one of them",
    "env/clear": _QUOTES,
    "env/secret": "a name must be in .kamal/secrets as well: there it gets its value, here it gets "
    "to the app",
    "env/tags": 'hosts carry tags where they are listed, as in "192.0.2.1: replica"',
    "proxy/host": "requests for any other name get 404, for the server's address, too; each app of "
    "a server needs a name of its own",
    "proxy/app_port": "few apps listen on 80: write the port of the Dockerfile's EXPOSE",
    "proxy/ssl": "Let's Encrypt wants the name to lead to this server, ports 80 and 443 open, and "
    'one server; behind Cloudflare choose "Full", or requests go round in circles',
    "proxy/ssl/private_key_pem": "a new certificate reaches the proxy with the next deploy",
    "proxy/ssl_redirect": "behind something that ends HTTPS itself, write false",
    "proxy/forward_headers": "is off as soon as ssl is on: behind a CDN or another proxy, write "
    "true, or the app sees that one's address",
    "proxy/response_timeout": "cuts long answers, such as streams and large downloads",
    "proxy/path_prefix": "has no effect next to path_prefixes",
    "proxy/path_prefixes": "a name of which only prefixes are taken answers 404 elsewhere",
    "proxy/strip_path_prefix": "unless told, the app sees /users where /api/users was asked for",
    "proxy/healthcheck/path": "must answer with 200 to everybody; an app that checks the Host "
    "header needs health/host under x-kamalpy",
    "proxy/buffering/max_request_body": "larger uploads get 413",
    "proxy/run": "one proxy serves all apps of a server, which must agree; setup changes one that "
    "runs, deploy does not",
    "proxy/run/publish": "false leaves no way in from outside",
    "proxy/run/version": "older ones than v0.9.2 do not know what a deploy tells them",
    "output": "is written by kamalpy; where pyinfra is called itself, it is not",
    "builder/arch": "is that of the servers (uname -m), not of this machine",
    "builder/context": "without it, only what is committed is built",
    "builder/args": "are part of the image, which all who can fetch it can read: use secrets",
    "boot/limit": "a share counts all hosts, those of accessories as well",
    "ssh/user": "must be root, or in the group docker of each server",
    "ssh/proxy": "the same user and key must be good for the jump host, or write user@host",
    "ssh/key_data": "names of secrets, not keys",
    "ssh/keys_only": "then an agent, such as 1Password's, is not asked",
    "logging/driver": "without options there is no limit to the size of logs; drivers other than "
    "json-file, local and journald leave nothing for app logs",
    "aliases": "the beginning of a command's name is that command: v is version",
    "accessories": "a deploy leaves them as they are and says how they differ; setup changes them",
    "accessories/NAME/service": "is the name by which the app finds it: blog-db, not db; two "
    "destinations on one server need two names",
    "accessories/NAME/image": "without a tag it is another version one day, which may not read the "
    "data",
    "accessories/NAME/host": "the app reaches it by name only on the same server; elsewhere by "
    "address and port",
    "accessories/NAME/port": "is open to the world, whatever the firewall says: write "
    "127.0.0.1:5432:5432, or leave it out, other containers need none",
    "accessories/NAME/cmd": "is split into words and run by no shell",
    "accessories/NAME/files": "when one has changed, setup replaces the container, which keeps the "
    "file it began with",
    "accessories/NAME/files/mode": "in quotes",
    "accessories/NAME/directories": "without one for its data, the data goes with the container",
    "accessories/NAME/network": "only kamal is made for you",
    "x-kamalpy/build": "image then needs a tag or digest, or --version says it",
    "x-kamalpy/atomic": "a host that has failed stays on the old version, the others go on",
}
"""By path, with ROLE, NAME and TAG for names of one's own."""
