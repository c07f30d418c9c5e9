"""What a run hides before any secret is asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pyinfra.api import State
from pyinfra.context import ctx_state

from kamalpy._pyinfra import hide
from kamalpy.config import load
from kamalpy.connectors.run_secrets import mask_static, secrets_of

SECRETS = "PLAIN=sesame-1\nFROM_ENV=$GIVEN\nASKED=$(touch ran; echo sesame-3)\nSERVICE=blog\n"


def test_values_at_hand_are_hidden_and_no_command_runs(write: Callable[..., Path]) -> None:
    folder = write()
    (folder / ".kamal/secrets").write_text(SECRETS)
    config = load("config/deploy.yml", root=folder, environ={"GIVEN": "sesame-2"})
    with ctx_state.use(State()):
        mask_static(config)
        assert hide("sesame-1 sesame-2 sesame-3 blog") == "*PLAIN* *FROM_ENV* sesame-3 blog"
        assert not (folder / "ran").exists()
        assert secrets_of(config).value("ASKED") == "sesame-3"
        assert hide("sesame-3") == "*ASKED*"


def test_a_file_that_cannot_be_read_stops_nobody_who_only_looks(write: Callable[..., Path]) -> None:
    folder = write()
    (folder / ".kamal/secrets").unlink()
    (folder / ".kamal/secrets").mkdir()
    config = load("config/deploy.yml", root=folder, environ={})
    with ctx_state.use(State()):
        mask_static(config)
        assert hide("anything") == "anything"
