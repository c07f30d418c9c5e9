"""
What all stand-ins share. None of them is the tool whose name it bears: each knows the few
commands that kamalpy is meant to use, refuses any other, and answers in the tool's own form.

Every call is written to the file in $STANDIN_LOG. $STANDIN_STATE holds what is to be simulated,
word by word ("locked", "unauthenticated", ...); a stand-in forgets a word with ``leave``.
"""

import json
import os
import sys
from pathlib import Path

ARGUMENTS = sys.argv[1:]


def begin():
    call = {"words": [Path(sys.argv[0]).name, *ARGUMENTS]}
    call["environ"] = {name: os.environ[name] for name in ("BW_SESSION",) if name in os.environ}
    with Path(os.environ["STANDIN_LOG"]).open("a") as log:
        log.write(json.dumps(call) + "\n")
    if is_in("broken"):
        fail("cannot start", code=126)
    return ARGUMENTS


def is_in(state):
    return state in Path(os.environ["STANDIN_STATE"]).read_text().split()


def leave(*states):
    path = Path(os.environ["STANDIN_STATE"])
    path.write_text(" ".join(word for word in path.read_text().split() if word not in states))


def enter(state):
    path = Path(os.environ["STANDIN_STATE"])
    path.write_text(f"{path.read_text()} {state}")


def answer(content):
    text = content if isinstance(content, str) else json.dumps(content, indent=2)
    sys.stdout.write(text + "\n")
    sys.exit(0)


def fail(message, code=1):
    sys.stderr.write(message + "\n")
    sys.exit(code)


def refuse():
    fail(f"stand-in: {Path(sys.argv[0]).name} {' '.join(ARGUMENTS)}: no such command", code=64)


def options(words, *known):
    """Read ``--name value`` pairs, each of which must be known."""
    found = {}
    while words:
        name, value, *words = words
        if name not in known or name in found:
            refuse()
        found[name] = value
    return found
