"""``app``: boot it, stop it, run commands in it, read its logs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from kamalpy.cli import completion, exec_options
from kamalpy.cli.log_options import LogOptions, log_options
from kamalpy.cli.settings import settings
from kamalpy.cli.tree import Group

group = Group(name="app", help="The app: boot, stop, run commands in it, read its logs.")


@group.command()
def boot() -> int:
    """
    Boot the app, or boot it anew where it runs.

    That is the version that serves, or --version, with today's deploy.yml. The new container takes
    over as in a deploy: on all servers, or on none.
    """
    return _run("boot")


group.add_deploys(
    {
        "start": "Start the version that ran last, or --version, and send requests to it.",
        "stop": "Stop the app; requests to it get 404.",
    }
)


@group.command()
def details() -> int:
    """Show the app's running containers, by role."""
    return _list("app")


@group.command()
def containers() -> int:
    """Show all of the app's containers, stopped ones included."""
    return _list("containers")


@group.command()
def images() -> int:
    """Show the app's images."""
    return _list("images")


@group.command("exec", cls=exec_options.ExecCommand)
@exec_options.interactive
@exec_options.reuse
@exec_options.env
@click.option("--detach", is_flag=True, help="Do not wait for it to end.")
@exec_options.raw
@exec_options.command_words
def exec_(words: Sequence[str], **how: Any) -> int:
    """
    Run a command in the app, in every role on each of its servers.

    It gets a container of its own, made like the one that serves: same image, variables and
    volumes. If CMD is one word, a shell runs it when it contains shell syntax ("ls -l | head");
    several words arrive as they are (ls "a b").
    """
    for one, other in (
        ("detach", "interactive"),
        ("detach", "reuse"),
        ("raw", "interactive"),
        ("raw", "detach"),
    ):
        exec_options.exclusive(**{one: how[one], other: how[other]})
    from kamalpy.cli.queries import execution, fleet

    return execution.in_app(fleet.new_engine(settings()), execution.Request(words, **how))


@group.command()
@log_options
@click.option("--container-id", metavar="ID", help="Of this container.")
def logs(options: LogOptions, container_id: str | None) -> int:
    """Show the app's logs, of all roles and servers, ordered by time."""
    from kamalpy.cli.queries import fleet, logs

    engine = fleet.new_engine(settings())
    return logs.show(engine, options, logs.of_app(engine, container_id))


@group.command()
def version() -> int:
    """Show which version of the app serves."""
    return _list("version")


@group.command()
@click.option("--drain-timeout", type=click.IntRange(0), help="Seconds for requests [deploy.yml]")
@click.option("--message", default="", help="Text of the error page.")
def maintenance(drain_timeout: int | None, message: str) -> int:
    """
    Answer requests with 503 and a message.

    This lasts across deploys, until kamalpy app live.
    """
    return _run("maintenance", drain_timeout=drain_timeout, message=message)


group.add_deploys({"live": "End the maintenance."})


@group.command()
@click.option("-s", "--stop", is_flag=True, help="Stop them.")
def stale_containers(stop: bool) -> int:
    """Show old versions that still run, or stop them."""
    if stop:
        return _run("stale_containers")
    from kamalpy.cli.queries import fleet, state

    return state.show_stale(fleet.new_engine(settings()))


@group.command()
def remove() -> int:
    """
    Stop the app, and remove its containers, images and files.

    The audit log stays.
    """
    return _run("remove")


@group.command(hidden=True)
@click.argument(
    "removed", metavar="VERSION", shell_complete=completion.argument(completion.versions)
)
def remove_container(removed: str) -> int:
    """Remove the containers of VERSION, which must not be running."""
    return _run("remove_container", version=removed)


group.add_deploys(
    {
        "remove_containers": "Remove all stopped containers of the app.",
        "remove_images": "Remove all images of the app that no container uses.",
        "remove_app_directories": (
            "Remove the app's files: secrets, assets, certificates, release records."
        ),
    },
    hidden=True,
)


def _list(what: str) -> int:
    from kamalpy.cli.queries import answers

    return answers.show_list(settings(), what)


def _run(command: str, **arguments: Any) -> int:
    from kamalpy.cli.run import run

    return run(f"app {command}", f"app_{command}", **arguments)
