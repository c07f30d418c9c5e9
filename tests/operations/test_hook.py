"""Hooks are really run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from pyinfra.context import ctx_host, ctx_state
from pyinfra_testing.util import FakeState, create_host

from kamalpy.errors import HookError
from kamalpy.operations import hook
from kamalpy.operations.hook import call_hook
from kamalpy.secrets import Secret


@pytest.fixture
def write(tmp_path: Path) -> Any:
    """Write a hook in a folder of its own; tell its path in that folder."""

    def write_hook(text: str, mode: int = 0o755, name: str = "pre-deploy") -> str:
        path = tmp_path / ".kamal/hooks" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)
        return str(path.relative_to(tmp_path))

    return write_hook


def test_it_runs_in_the_project_with_its_variables(
    write: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAMAL_VERSION", "of this process")
    monkeypatch.setenv("OTHER", "of this process")
    path = write('#!/bin/sh\necho "$PWD|$KAMAL_VERSION|$OTHER|$TOKEN"; cat\n')

    said = call_hook("pre-deploy", path, {"KAMAL_VERSION": "v2"}, {"TOKEN": "x"}, str(tmp_path))

    assert said == f"{tmp_path.resolve()}|v2|of this process|x"


def test_variables_of_the_deploy_win_over_secrets(write: Any, tmp_path: Path) -> None:
    path = write('#!/bin/sh\nprintf %s "$KAMAL_HOSTS"\n')

    said = call_hook("x", path, {"KAMAL_HOSTS": "h1"}, {"KAMAL_HOSTS": "secret"}, str(tmp_path))

    assert said == "h1"


def test_no_shell_sees_its_path(write: Any, tmp_path: Path) -> None:
    path = write("#!/bin/sh\necho ran\n", name="it's; $(touch pwned)")

    assert call_hook("x", path, {}, {}, str(tmp_path)) == "ran"
    assert not (tmp_path / "pwned").exists()


def test_it_fails(write: Any, tmp_path: Path) -> None:
    path = write("#!/bin/sh\necho out; echo err >&2; exit 3\n")

    with pytest.raises(HookError) as caught:
        call_hook("pre-deploy", path, {}, {}, str(tmp_path))

    assert str(caught.value) == f"{path}: the hook pre-deploy ended with 3\nout\nerr"


@pytest.mark.parametrize(
    ("text", "mode", "reason"),
    [
        ("#!/bin/sh\n", 0o644, "Permission denied"),
        ("echo no interpreter\n", 0o755, "Exec format error"),
        ("#!/nowhere\n", 0o755, "No such file or directory"),
    ],
)
def test_it_cannot_be_run(write: Any, tmp_path: Path, text: str, mode: int, reason: str) -> None:
    path = write(text, mode)

    with pytest.raises(HookError) as caught:
        call_hook("pre-deploy", path, {}, {}, str(tmp_path))

    assert str(caught.value) == (
        f"{path}: the hook cannot be run ({reason}); make it executable and give it a first line"
        " like #!/bin/sh"
    )


def test_output_that_is_no_text(write: Any, tmp_path: Path) -> None:
    path = write("#!/bin/sh\nprintf 'a\\377b'\n")

    assert call_hook("x", path, {}, {}, str(tmp_path)) == "a\N{REPLACEMENT CHARACTER}b"


@pytest.mark.parametrize(
    ("status", "output", "expected"),
    [
        (0, None, (True, [])),
        (0, "quiet", (True, [])),
        (0, "verbose", (True, ["said"])),
        (1, None, (False, ["PATH: the hook pre-deploy ended with 1\nsaid"])),
    ],
)
def test_the_operation(
    write: Any, tmp_path: Path, status: int, output: str | None, expected: Any
) -> None:
    path = write(f'#!/bin/sh\necho "$SAID"; exit {status}\n')
    state = FakeState()
    host, lines = create_host(state), []
    host.log = lines.append
    host.log_styled = lambda line, **_: lines.append(line)

    with ctx_state.use(state), ctx_host.use(host):
        (command,) = hook.run._inner(
            hook="pre-deploy",
            path=path,
            secrets={"SAID": Secret.of("SAID", "said")},
            root=str(tmp_path),
            output=output,
        )
        succeeded = command.function(state, host)

    assert (succeeded, [line.replace(path, "PATH") for line in lines]) == expected
    assert "SAID" not in os.environ
