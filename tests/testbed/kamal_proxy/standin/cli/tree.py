"""Every command but ``deploy`` and ``run``, and the tree of them all."""

from __future__ import annotations

from standin.cli import deploy, run
from standin.cli.client import call
from standin.cli.command import Command
from standin.cli.flags import Flag, Words
from standin.cli.kinds import DURATION, INTEGER, STRING, STRINGS
from standin.cli.table import table
from standin.durations import SECOND

DRAIN = Flag("drain-timeout", DURATION, 30 * SECOND, "How long open requests may take")


def root() -> Command:
    """The command line as a whole."""
    return Command(
        path="kamal-proxy",
        summary="A stand-in for kamal-proxy, for tests",
        commands=(
            run.command(),
            deploy.command(),
            Command("kamal-proxy list", "List the services", _list, "nothing", aliases=("ls",)),
            _of_service("remove", "Forget a service", aliases=("rm",)),
            _of_service("resume", "Let a paused or stopped service go on"),
            _pause(),
            _stop(),
            _rollout(),
            Command("kamal-proxy help", "Show what a command takes", None, "[command]"),
        ),
    )


def _of_service(name: str, summary: str, aliases: tuple[str, ...] = ()) -> Command:
    def run(words: Words) -> None:
        call(name.capitalize(), service=words.arguments[0])

    return Command(f"kamal-proxy {name}", summary, run, "<service>", aliases=aliases)


def _pause() -> Command:
    held = Flag("max-pause", DURATION, 30 * SECOND, "How long a request may be held")

    def run(words: Words) -> None:
        call("Pause", service=words.arguments[0], drain=words[DRAIN.name], held=words[held.name])

    return Command(
        "kamal-proxy pause", "Hold a service's requests", run, "<service>", (DRAIN, held)
    )


def _stop() -> Command:
    message = Flag("message", STRING, "", "What visitors are told")

    def run(words: Words) -> None:
        call("Stop", service=words.arguments[0], drain=words[DRAIN.name], message=words["message"])

    return Command(
        "kamal-proxy stop", "Turn a service's requests away", run, "<service>", (DRAIN, message)
    )


def _rollout() -> Command:
    path = "kamal-proxy rollout"
    split = (
        Flag("percent", INTEGER, 0, "Share of visitors to send to the rollout targets"),
        Flag("list", STRINGS, [], "Visitors to send to the rollout targets"),
    )
    return Command(
        path,
        "Show new targets to some visitors first",
        commands=(
            Command(
                f"{path} deploy",
                "Set the rollout targets",
                _rollout_deploy,
                "<service>",
                (*deploy.TARGETS, *deploy.TIMEOUTS),
                required=("target",),
            ),
            Command(
                f"{path} set",
                "Choose the visitors",
                _rollout_set,
                "<service>",
                split,
                one_of=("percent", "list"),
            ),
            Command(f"{path} stop", "Choose nobody", _rollout_stop, "<service>"),
        ),
    )


def _rollout_deploy(words: Words) -> None:
    call(
        "RolloutDeploy",
        service=words.arguments[0],
        targets=words["target"],
        readers=words["read-target"],
        deployment=deploy.deployment(words)._asdict(),
    )


def _rollout_set(words: Words) -> None:
    call(
        "RolloutSet",
        service=words.arguments[0],
        percentage=words["percent"],
        allowlist=words["list"],
    )


def _rollout_stop(words: Words) -> None:
    call("RolloutStop", service=words.arguments[0])


def _list(words: Words) -> None:
    services = call("List")
    rows = [["Service", "Host", "Path", "Target", "State", "TLS"]]
    for name in sorted(services, key=str.encode):
        service = services[name]
        shown = [service[column] for column in ("host", "path", "target", "state")]
        rows.append([name, *shown, "yes" if service["tls"] else "no"])
    print(table(rows))
