"""One encrypted file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kamalpy.errors import SecretError
from kamalpy.secrets.encrypted import EncryptedFile, Key, Keyring

NAME = ".kamal/secrets.enc"
NAMES = st.from_regex(r"[A-Za-z0-9_.]{1,8}", fullmatch=True)
VALUES = st.binary().map(lambda b: b.replace(b"\0", b"").decode("utf-8", "surrogateescape"))


@pytest.fixture
def keyring(project):
    return Keyring(project.root, ".kamal/secrets", project.environ)


@pytest.fixture
def file(keyring):
    return EncryptedFile(NAME, keyring)


@pytest.fixture
def filled(file):
    file.edit(lambda text: "A: one\nB: two\nC: three\n")
    return file


def lines(file):
    return file.path.read_text().splitlines()


def rewrite(file, change):
    file.path.write_text("\n".join(change(lines(file))) + "\n")


@settings(max_examples=50)
@given(st.dictionaries(NAMES, VALUES, max_size=4), NAMES, VALUES)
def test_what_is_set_is_there_and_what_is_removed_is_not(project, values, name, value):
    keyring = Keyring(project.root, ".kamal/secrets", {"KAMALPY_SECRETS_KEY": Key(bytes(32)).text})
    file = EncryptedFile(NAME, keyring)
    file.path.unlink(missing_ok=True)

    for each in values:
        file.set(each, values[each])
    file.set(name, value)

    assert file.values() == {**values, name: value}
    assert list(file.places()) == list({**values, name: value})
    file.remove(name)
    assert file.values() == {n: v for n, v in values.items() if n != name}


def test_names_can_be_read_and_values_cannot(file):
    file.set("DB_PASSWORD", "hunter2")
    file.set("TOKEN", "hunter2")

    head, version, key, password, token, seal = lines(file)

    assert head == "# Encrypted by kamalpy: names can be read, values cannot. Do not edit by hand."
    assert version == "kamalpy-secrets: 1"
    assert key == f"key: {file.keyring.first().id}"
    assert (password[:13], token[:7], seal[:6]) == ("DB_PASSWORD: ", "TOKEN: ", "seal: ")
    assert password[13:] != token[7:]
    assert "hunter2" not in file.path.read_text()
    assert file.places() == {"DB_PASSWORD": 4, "TOKEN": 5}
    assert file.path.stat().st_mode & 0o777 == 0o644


def test_a_diff_shows_what_has_changed_and_nothing_else(filled):
    before = lines(filled)

    filled.set("B", "other")
    filled.set("D", "four")

    after = lines(filled)
    assert [line for line in after if line not in before and line[0] in "ABCD"] == [
        after[4],
        after[6],
    ]
    assert [line[:3] for line in after[3:-1]] == ["A: ", "B: ", "C: ", "D: "]


def test_the_same_value_changes_nothing(filled):
    before = filled.path.stat()

    filled.set("B", "two")
    touched = filled.edit(lambda text: text)

    assert touched == ()
    assert filled.path.stat() == before


def test_an_edit_reports_which_names_it_touched(filled):
    def editor(text):
        assert text.endswith("A: one\nB: two\nC: three\n")
        return "C: three\nB: 2\nD: four"

    assert filled.edit(editor) == ("A", "B", "D")
    assert filled.values() == {"C": "three", "B": "2", "D": "four"}
    assert list(filled.values()) == ["C", "B", "D"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("A: *x", "edited secrets:1: is no YAML; quote values that begin with a sign"),
        (
            'A: "\\0"',
            f"{NAME}: A: holds a NUL byte or half a character; take it out: no environment can",
        ),
        (
            'A: "\\uD800"',
            f"{NAME}: A: holds a NUL byte or half a character; take it out: no environment can",
        ),
    ],
)
def test_an_edit_that_makes_no_sense_changes_nothing(filled, text, message):
    before = filled.path.read_bytes()

    with pytest.raises(SecretError) as error:
        filled.edit(lambda shown: text)
    assert str(error.value) == message
    assert filled.path.read_bytes() == before


def test_an_edit_does_not_undo_what_others_did_meanwhile(filled):
    def slow(text):
        filled.set("D", "four")
        return text

    with pytest.raises(SecretError) as error:
        filled.edit(slow)
    assert str(error.value) == f"{NAME}: has been changed by another process; try again"
    assert filled.values() == {"A": "one", "B": "two", "C": "three", "D": "four"}


@pytest.mark.parametrize("name", ["", "A-B", "A B", "É", "A\nB"])
def test_a_name_that_no_secret_can_have(project, file, name):
    with pytest.raises(SecretError) as error:
        file.set(name, "x")
    assert str(error.value).endswith(
        "is no name of a secret; names have letters, digits, _ and . only"
    )
    assert not (project.root / ".kamal").exists()


def test_a_name_that_is_not_there_cannot_be_removed(filled):
    with pytest.raises(SecretError) as error:
        filled.remove("X")
    assert str(error.value) == f"{NAME}: X: is not there"


MOVED = (
    f"{NAME}: lines were added, removed or moved, and not by kamalpy; "
    "restore the file from git; after a merge, review it and seal it again"
)
FOREIGN = (
    "was not encrypted for this name in this file, or is damaged; "
    "restore the line from git, or delete it and seal the file again"
)
REFUSED = "restore the file from git, or resolve the merge conflict and seal it again"
CUT = f"{NAME}: is cut off: its last line, the seal, is missing; {REFUSED}"


def swapped(names):
    """Let two names have each other's value."""

    def change(text):
        first, second = (text[i].partition(": ")[2] for i in names)
        text[names[0]] = text[names[0]][:3] + second
        text[names[1]] = text[names[1]][:3] + first
        return text

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: text[:3] + text[4:], MOVED),
        (lambda text: [*text[:3], text[4], text[3], *text[5:]], MOVED),
        (lambda text: [*text[:-1], f"seal: {text[-1][6:].swapcase()}"], MOVED),
        (swapped((3, 4)), f"{NAME}:4: A: {FOREIGN}"),
        (lambda text: [*text[:5], f"X{text[5][1:]}", text[6]], f"{NAME}:6: X: {FOREIGN}"),
        (lambda text: [*text[:5], text[5][:-9], text[6]], f"{NAME}:6: C: {FOREIGN}"),
        (lambda text: text[:-1], CUT),
        (lambda text: text[:4], CUT),
        (lambda text: text[:2], CUT),
        (
            lambda text: [*text[:4], "<<<<<<< HEAD", *text[4:]],
            f"{NAME}:5: is no line that kamalpy wrote; {REFUSED}",
        ),
        (
            lambda text: [*text[:4], text[3], *text[4:]],
            f"{NAME}:5: is no line that kamalpy wrote; {REFUSED}",
        ),
        (
            lambda text: [text[0], "kamalpy-secrets: 2", *text[2:]],
            f"{NAME}:2: is of a format that this kamalpy does not know; {REFUSED}",
        ),
        (lambda text: ["A=b"], f"{NAME}:1: is no file of encrypted secrets; {REFUSED}"),
        (lambda text: [""], f"{NAME}:1: is no file of encrypted secrets; {REFUSED}"),
    ],
)
def test_tampering_is_refused_and_nothing_is_lost(filled, change, message):
    rewrite(filled, change)
    found = filled.path.read_bytes()

    for attempt in (filled.values, lambda: filled.set("A", "x"), lambda: filled.edit(lambda t: t)):
        with pytest.raises(SecretError) as error:
            attempt()
        assert str(error.value) == message
    assert filled.path.read_bytes() == found


@settings(max_examples=60)
@given(st.data())
def test_no_byte_can_be_changed(project, data):
    keyring = Keyring(project.root, ".kamal/secrets", {"KAMALPY_SECRETS_KEY": Key(bytes(32)).text})
    file = EncryptedFile(NAME, keyring)
    if not file.path.exists():
        file.edit(lambda text: "A: one\nB: two\n")
    intact = file.path.read_bytes()
    at = data.draw(st.integers(0, len(intact) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda b: b != intact[at]))

    file.path.write_bytes(intact[:at] + bytes([byte]) + intact[at + 1 :])
    with pytest.raises(SecretError):
        file.values()
    file.path.write_bytes(intact)
    assert file.values() == {"A": "one", "B": "two"}


def test_no_byte_can_be_cut(filled):
    intact = filled.path.read_bytes()

    for length in range(len(intact)):
        filled.path.write_bytes(intact[:length])
        with pytest.raises(SecretError):
            filled.values()


def test_line_ends_may_be_converted_by_git(filled):
    filled.path.write_bytes(filled.path.read_bytes().replace(b"\n", b"\r\n"))

    assert filled.values() == {"A": "one", "B": "two", "C": "three"}


def test_values_are_bound_to_their_file(project, filled):
    other = EncryptedFile(".kamal/secrets.prod.enc", filled.keyring)
    other.path.write_bytes(filled.path.read_bytes())

    with pytest.raises(SecretError) as error:
        other.values()
    assert str(error.value) == f".kamal/secrets.prod.enc:4: A: {FOREIGN}"


@pytest.mark.parametrize(
    ("key", "not_this"), [("", ""), (Key(bytes(32)).text, f", not {Key(bytes(32)).id}")]
)
def test_a_missing_or_wrong_key(project, filled, key, not_this):
    needed = filled.keyring.first().id
    (project.root / ".kamal/secrets.key").unlink()
    project.environ["KAMALPY_SECRETS_KEY"] = key

    with pytest.raises(SecretError) as error:
        filled.values()
    assert str(error.value) == (
        f"{NAME}: its key is {needed}{not_this}; "
        "set KAMALPY_SECRETS_KEY, or put the key into .kamal/secrets.key"
    )


def test_a_merge_is_accepted_after_a_look(filled):
    ours = lines(filled)
    filled.set("D", "four")
    theirs = lines(filled)
    filled.path.write_text("\n".join([*ours[:4], theirs[6], *ours[4:]]) + "\n")

    with pytest.raises(SecretError):
        filled.values()
    assert filled.seal_again() == ("A", "D", "B", "C")
    assert filled.values() == {"A": "one", "D": "four", "B": "two", "C": "three"}


def test_a_merge_cannot_bring_in_what_belongs_elsewhere(filled):
    rewrite(filled, swapped((3, 5)))

    with pytest.raises(SecretError) as error:
        filled.seal_again()
    assert str(error.value) == f"{NAME}:4: A: {FOREIGN}"


def test_an_absent_file_is_empty(file):
    assert (file.values(), file.places(), file.seal_again()) == ({}, {}, ())


def test_a_file_that_cannot_be_read(file):
    file.path.mkdir(parents=True)

    with pytest.raises(SecretError) as error:
        file.values()
    assert str(error.value) == f"{NAME}: cannot be read: Is a directory"


def test_a_file_that_cannot_be_written_stays(filled):
    before = filled.path.read_bytes()
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))"
    program = f"""if True:
        import signal
        from pathlib import Path
        from kamalpy.secrets.encrypted import EncryptedFile, Keyring

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        {limit}
        try:
            EncryptedFile("{NAME}", Keyring(Path.cwd(), ".kamal/secrets", {{}})).set("D", "x")
        except Exception as error:
            print(error)
    """

    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=filled.keyring.root, capture_output=True, text=True
    )

    assert ran.stdout == f"{filled.path}: cannot be written: File too large; nothing has changed\n"
    assert filled.path.read_bytes() == before
    assert sorted(path.name for path in filled.path.parent.iterdir()) == [
        "secrets.enc",
        "secrets.key",
    ]


def test_a_kill_in_the_middle_loses_nothing(filled):
    """Somebody sets values for as long as it takes; the file can be read at every moment."""
    program = f"""if True:
        from pathlib import Path
        from kamalpy.secrets.encrypted import EncryptedFile, Keyring

        file = EncryptedFile("{NAME}", Keyring(Path.cwd(), ".kamal/secrets", {{}}))
        print("ready", flush=True)
        while True:
            file.set("B", file.values()["B"] + "x")
    """
    for _ in range(3):
        writer = subprocess.Popen(
            [sys.executable, "-c", program], cwd=filled.keyring.root, stdout=subprocess.PIPE
        )
        writer.stdout.readline()
        seen = {len(filled.values()["B"]) for _ in range(20)}
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        assert seen
        assert {n: v.rstrip("x") for n, v in filled.values().items()} == {
            "A": "one",
            "B": "two",
            "C": "three",
        }


def test_a_link_stays_a_link_and_a_mode_stays(project, filled):
    real = project.root / "elsewhere.enc"
    filled.path.rename(real)
    real.chmod(0o640)
    filled.path.symlink_to(real)

    filled.set("A", "1")

    assert filled.path.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert filled.values()["A"] == "1"


@pytest.mark.parametrize("round", range(3))
def test_commands_at_the_same_moment_wait_for_each_other(project, file, round, fork_server):
    code = f"""if True:
        import sys, time
        from pathlib import Path
        from kamalpy.secrets.encrypted import EncryptedFile, Keyring

        Path(sys.argv[1] + ".ready").touch()
        while not Path("begin").exists():
            time.sleep(0.001)
        EncryptedFile("{NAME}", Keyring(Path.cwd(), ".kamal/secrets", {{}})).set(sys.argv[1], "x")
    """
    options = {"cwd": project.root, "env": dict(os.environ), "code": code}
    started = [fork_server.start("kamalpy", f"NAME_{number}", **options) for number in range(6)]
    while len(list(project.root.glob("*.ready"))) < 6:
        assert [each.poll() for each in started] == [None] * 6
    (project.root / "begin").touch()
    for each in started:
        each.communicate(60)

    assert [each.returncode for each in started] == [0] * 6
    assert file.values() == {f"NAME_{number}": "x" for number in range(6)}
    assert len(file.keyring.keys()) == 1
