"""What is accepted, and yet hardly meant."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kamalpy.config import Configuration

Deploy = Callable[..., Configuration]
ACCESSORY = "accessories: {db: {image: i, host: a, "

WARNINGS = [
    ("", []),
    (
        "run_directory: /var/lib/kamal\n",
        ["run_directory: has no effect, the folder is always .kamal; remove it"],
    ),
    (
        "labels: {role: web}\n",
        [
            "labels/role: has no effect, it is a reserved label; "
            "remove it, the label is set for you"
        ],
    ),
    (
        "hooks_output: {pre-deplo: quiet}\n",
        ["hooks_output/pre-deplo: names no hook; did you mean pre-deploy?"],
    ),
    (
        "image: acme/blog:1.0\n",
        [
            "image: has a tag, and the version is added as another; remove it, "
            'or write "build: false" under x-kamalpy to deploy this very image'
        ],
    ),
    (
        "image: <your-user>/blog\n",
        ['image: is no name of an image; write it like "image: acme/blog", in lower case'],
    ),
    (
        "registry: {server: 'https://ghcr.io/', username: u, password: [P]}\n",
        [
            "registry/server: is no host of a registry; "
            'write a host alone, like "server: ghcr.io", without https:// and path'
        ],
    ),
    (
        "ssh: {key_data: ['-----BEGIN OPENSSH PRIVATE KEY-----']}\n",
        ["ssh/key_data: holds a private key; put it into .kamal/secrets, and write its name here"],
    ),
    (
        "proxy: {host: a, ssl: {certificate_path: x}}\n",
        [
            "proxy/ssl/certificate_path: has no effect; "
            "write \"ssl: {certificate_pem: CERTIFICATE_PEM, private_key_pem: PRIVATE_KEY_PEM}\", "
            "the names of secrets that hold the texts, not paths",
            "proxy/ssl: names no certificate, so that it is Let's Encrypt's; "
            "write certificate_pem and private_key_pem, or ssl: true",
        ],
    ),
    (
        "proxy: {path_prefix: /a, path_prefixes: [/b]}\n",
        [
            "proxy/path_prefix: has no effect next to path_prefixes; "
            "move it into path_prefixes"
        ],
    ),
    (
        "servers: [deploy@a]\n",
        [
            "servers/0: has a host deploy@a, which is more than a name; "
            "write the name alone; user and port belong under ssh"
        ],
    ),
    ("servers: ['a:22']\n", [
        "servers/0: has a host a:22, which is more than a name; "
        "write the name alone; user and port belong under ssh"
    ]),
    ("servers: ['2001:db8::1']\n", []),
    ("servers: ['']\n", ["servers/0: has a host without a name; write its name"]),
    (
        "servers: [a: replcia]\nenv: {tags: {replica: {A: b}}}\n",
        ["servers: gives a a tag replcia that is not defined; did you mean replica?"],
    ),
    (
        "servers: [a: t]\n",
        ["servers: gives a a tag t that is not defined; define it under env/tags"],
    ),
    (
        "accessories: {db: {host: a}}\n",
        ['accessories/db: has no image; add one, as in "image: postgres:17"'],
    ),
    (
        "accessories: {db: {image: i, tag: t}}\n",
        ["accessories/db: runs on no host; give the role hosts, or hosts the tag"],
    ),
    (
        ACCESSORY + "files: [{local: a, remote: /b, permission: 0644}]}}\n",
        [
            "accessories/db/files/0/permission: has no effect; "
            "known here: local, remote, mode, owner, options",
            "accessories/db/files/0/permission: is read as 420; "
            'write "0644" in quotes to keep it as it is',
        ],
    ),
    (
        ACCESSORY + "directories: ['a:b']}}\n",
        [
            "accessories/db/directories/0: is mounted at a relative path; "
            "write a path that begins with /"
        ],
    ),
    (ACCESSORY + "files: [{local: a, remote: /b, mode: 0644}]}}\n", []),
    ("env: {A: 0022}\n", [
        'env/A: is read as 18; write "0022" in quotes to keep it as it is',
    ]),
    ("env: {A: 22:22}\n", [
        'env/A: is read as 80520; write "22:22" in quotes to keep it as it is',
    ]),
    ("env: {A: 1.10}\n", ['env/A: is read as 1.1; write "1.10" in quotes to keep it as it is']),
    ("env: {A: yes}\n", ['env/A: is read as true; write "yes" in quotes to keep it as it is']),
    ("env: {A: true, B: 1_000, C: 1.5, D: '0022'}\n", []),
    ("registry: {username: a, password: [P], server: r}\nx-a: 0022\n", []),
    (
        "env: {A: b, A: c}\n",
        [
            "A: is written twice, and only this one counts, not the one in line 6; "
            "remove one of the two"
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), WARNINGS)
def test_warnings(deploy: Deploy, text: str, expected: list[str]) -> None:
    warnings = deploy(text).warnings
    assert [str(warning).partition(": ")[2] for warning in warnings] == expected
    assert all(warning.line is not None for warning in warnings)
