"""All secrets of one destination."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from kamalpy.errors import SecretError
from kamalpy.secrets import Secrets


@pytest.mark.parametrize(
    ("destination", "expected"),
    [
        (None, {"SECRET": "ABC", "SECRET2": "JKL"}),
        ("dest", {"SECRET": "DEF", "SECRET2": "JKL"}),
        ("nodest", {"SECRET": "GHI", "SECRET2": "JKL"}),
    ],
)
@pytest.mark.parametrize("path", [".kamal/secrets", "custom/path/secrets"])
def test_common_file_then_that_of_the_destination(project, path, destination, expected):
    project.write(f"{path}-common", "SECRET=GHI\nSECRET2=JKL")
    project.write(path, "SECRET=ABC")
    project.write(f"{path}.dest", "SECRET=DEF")

    assert project.secrets(path=path, destination=destination).items() == expected


def test_files_do_not_see_each_other(project):
    project.write(".kamal/secrets-common", "A=common")
    secrets = project.secrets("B=$A")

    assert secrets.value("A") == "common"
    assert str(secrets.problems()["B"]).startswith(".kamal/secrets:1: B: $A is not set")


def test_the_files_that_exist_and_those_that_may(project):
    secrets = project.secrets(destination="prod")

    assert secrets.candidates == (".kamal/secrets-common", ".kamal/secrets.prod")
    assert secrets.files == ()
    project.write(".kamal/secrets.prod", "")
    project.write(".kamal/secrets", "")
    assert secrets.files == (project.root / ".kamal/secrets.prod",)


@pytest.mark.parametrize(
    ("keywords", "files", "message"),
    [
        (
            {},
            {},
            "neither .kamal/secrets-common nor .kamal/secrets exists; "
            "add NAME=... to .kamal/secrets",
        ),
        (
            {"destination": "dest"},
            {".kamal/secrets": ""},
            "neither .kamal/secrets-common nor .kamal/secrets.dest exists; "
            "add NAME=... to .kamal/secrets.dest",
        ),
        (
            {"path": "custom/path/secrets"},
            {},
            "neither custom/path/secrets-common nor custom/path/secrets exists; "
            "add NAME=... to custom/path/secrets",
        ),
        (
            {},
            {".kamal/secrets": "A=b", ".kamal/secrets-common": ""},
            ".kamal/secrets-common, .kamal/secrets; add NAME=... to .kamal/secrets",
        ),
        ({}, {".kamal/secrets": "NAMES=b"}, ".kamal/secrets; did you mean NAMES?"),
    ],
)
def test_a_name_that_is_not_defined(project, keywords, files, message):
    for name, content in files.items():
        project.write(name, content)

    with pytest.raises(SecretError) as error:
        project.secrets(**keywords).value("NAME")
    start = "NAME: is not defined: " if "exists" in message else "NAME: is not defined in "
    assert str(error.value) == start + message


def test_a_name_that_no_line_can_define(project):
    with pytest.raises(SecretError) as error:
        project.secrets("MY-KEY=1").value("MY-KEY")
    assert str(error.value) == (
        "MY-KEY: is not defined in .kamal/secrets; names have letters, digits, _ and . only"
    )


def test_a_path_outside_of_the_project(project, tmp_path_factory):
    path = tmp_path_factory.mktemp("elsewhere") / "secrets"
    path.write_text("A=b")

    secrets = project.secrets(path=path)

    assert (secrets.value("A"), secrets.files) == ("b", (path,))
    with pytest.raises(SecretError) as error:
        secrets.value("B")
    assert str(error.value) == f"B: is not defined in {path}; add B=... to {path}"


def test_a_file_that_cannot_be_read(project):
    (project.root / ".kamal/secrets").mkdir(parents=True)

    with pytest.raises(SecretError) as error:
        project.secrets().names()
    assert str(error.value) == (
        ".kamal/secrets: cannot be read: Is a directory; it should be a file that you can read"
    )


def test_names_and_places_are_known_without_evaluation(project):
    project.write(".kamal/secrets-common", "A=1\nB=$(touch evaluated)")
    secrets = project.secrets("\nB=$NOT_SET\nC='\n'\nB=$(false)")

    assert secrets.names() == ("A", "B", "C")
    assert secrets.definitions() == {
        "A": ".kamal/secrets-common:1",
        "B": ".kamal/secrets:5",
        "C": ".kamal/secrets:3",
    }
    assert not (project.root / "evaluated").exists()


def test_nothing_is_read_before_the_first_use_and_nothing_after(project):
    secrets = project.secrets("")
    secret = secrets.secret("A")
    project.write(".kamal/secrets", "A=$(echo run >> runs; echo value)\nB=$(echo run >> runs)")

    assert not (project.root / "runs").exists()
    assert (secret.reveal(), secrets.value("A"), secret.reveal()) == ("value", "value", "value")
    project.write(".kamal/secrets", "A=other")
    assert (secrets.value("A"), secrets.items()["A"]) == ("value", "value")
    assert (project.root / "runs").read_text() == "run\nrun\n"


def test_a_name_that_fails_harms_no_other(project):
    secrets = project.secrets("A=$(false)\nB=1\nC=$A\nD=\n")

    assert secrets.value("B") == "1"
    assert secrets.items() == {"B": "1", "D": ""}
    assert {name: str(problem) for name, problem in secrets.problems().items()} == {
        "A": '.kamal/secrets:1: A: the command "false" failed with exit code 1',
        "C": ".kamal/secrets:3: C: needs A, but .kamal/secrets:1: A: "
        'the command "false" failed with exit code 1',
    }


def test_greenlets_share_one_evaluation(project):
    project.write(".kamal/secrets", "A=$(sleep 0.2; echo run >> runs; echo value)")
    program = """if True:
        from gevent import monkey

        monkey.patch_all()
        import gevent
        from pathlib import Path
        from kamalpy.secrets import Secrets

        secrets = Secrets(root=Path.cwd())
        ticks = []
        gevent.spawn(lambda: [ticks.append(gevent.sleep(0.01)) for _ in range(8)])
        jobs = [gevent.spawn(secrets.value, "A") for _ in range(20)]
        gevent.joinall(jobs, raise_error=True)
        print({job.value for job in jobs}, len(ticks))
    """

    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=project.root,
        capture_output=True,
        check=True,
        text=True,
    )

    assert ran.stdout == "{'value'} 8\n"
    assert (project.root / "runs").read_text() == "run\n"


def test_one_call_for_all_lines_that_ask_the_same_manager(project, tools):
    tools.install("lpass")
    project.environ["ME"] = "me@example.com"
    fetch = "kamal secrets fetch --adapter lastpass --account $ME"
    project.write(
        ".kamal/secrets-common",
        f"COMMON=$({fetch} SECRET)\nA=$(kamal secrets extract SECRET $COMMON)",
    )
    secrets = project.secrets(
        f"S=$({fetch} --from Shop DB)\n"
        f"T=$({fetch} --from Shop KEY)\n"
        "DB=$(kamal secrets extract DB $S)\n"
        'KEY=$(kamal secrets extract KEY "$T")\n'
    )

    assert secrets.value("KEY") == "th$ree #3"
    assert secrets.value("DB") == "two"
    assert secrets.value("A") == "one"
    assert json.loads(secrets.value("S")) == {"Shop/DB": "two"}
    assert tools.calls == [
        "lpass --version",
        "lpass status --color never",
        "lpass show SECRET --json",
        "lpass show Shop/DB Shop/KEY --json",
    ]


def test_words_that_come_from_the_file_itself_are_waited_for(project, tools):
    tools.install("lpass")
    secrets = project.secrets(
        "ME=me@example.com\n"
        "FOLDER=$(echo Shop)\n"
        "S=$(kamal secrets fetch -a lastpass --account $ME --from $FOLDER DB)\n"
        "A=$(kamal secrets extract DB $S)"
    )

    assert secrets.value("A") == "two"
    assert tools.calls[-1] == "lpass show Shop/DB --json"


def test_the_process_environment_is_the_default(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OUTSIDE", "x")
    (tmp_path / ".kamal").mkdir()
    (tmp_path / ".kamal/secrets").write_text("A=$OUTSIDE")

    assert Secrets().value("A") == "x"


def test_shows_no_value(project):
    secrets = project.secrets("A=hunter2")

    assert secrets.value("A") == "hunter2"
    assert "hunter2" not in repr([getattr(secrets, name) for name in vars(secrets)])
