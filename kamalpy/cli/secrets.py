"""``secrets``: the group; those of Kamal give values, ours look after them."""

from __future__ import annotations

from kamalpy.cli.tree import Entry, Group

_VALUES, _FILE = "kamalpy.cli.secrets_values", "kamalpy.cli.secrets_file"
ENTRIES = {
    "fetch": Entry(f"{_VALUES}:fetch", "Fetch secrets from a password manager, as JSON."),
    "extract": Entry(f"{_VALUES}:extract", "Take one secret out of what was fetched."),
    "print": Entry(f"{_VALUES}:print_", "Print all secrets, for whoever looks for a mistake."),
    "check": Entry(
        "kamalpy.cli.secrets_check:check",
        "Tell where each name is defined and used; exit status 1 if a deploy would fail.",
        own=True,
    ),
    "edit": Entry(f"{_FILE}:edit", "Edit the encrypted file in $EDITOR.", own=True),
    "set": Entry(f"{_FILE}:set_", "Set a secret in the encrypted file.", own=True),
    "rm": Entry(f"{_FILE}:rm", "Take secrets out of the encrypted file.", own=True),
    "rotate-key": Entry(f"{_FILE}:rotate_key", "Encrypt everything with a new key.", own=True),
    "seal": Entry(f"{_FILE}:seal", "Accept the encrypted files as a merge left them.", own=True),
}

group = Group(ENTRIES, name="secrets", help="Secrets: where they come from, and an encrypted file.")
