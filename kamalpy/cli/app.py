"""``app``: boot it, stop it, run commands in it, read its logs."""

from __future__ import annotations

import click

from kamalpy.cli import completion, exec_options
from kamalpy.cli.log_options import log_options
from kamalpy.cli.tree import Group, run_deploy, run_query

group = Group(name="app", help="The app: boot, stop, run commands in it, read its logs.")
group.add_deploys(
    {
        "boot": """
        Boot the app, or boot it anew where it runs.

        That is the version that serves, or --version, with today's deploy.yml. The new container
        takes over as in a deploy: on all servers, or on none.
        """,
        "start": "Start the version that ran last, or --version, and send requests to it.",
        "stop": "Stop the app; requests to it get 404.",
    }
)
group.add_query("details", "lists.app", "Show the app's running containers, by role.")
group.add_query(
    "containers", "lists.containers", "Show all of the app's containers, stopped ones included."
)
group.add_query("images", "lists.images", "Show the app's images.")
group.add_query("version", "lists.version", "Show which version of the app serves.")
group.add_query(
    "exec",
    "execution.in_app",
    """
    Run a command in the app, in every role on each of its servers.

    It gets a container of its own, made like the one that serves: same image, variables and
    volumes. If CMD is one word, a shell runs it when it contains shell syntax ("ls -l | head");
    several words arrive as they are (ls "a b").
    """,
    exec_options.interactive,
    exec_options.reuse,
    exec_options.env,
    click.option("--detach", is_flag=True, help="Do not wait for it to end."),
    exec_options.raw,
    exec_options.command_words,
    cls=exec_options.ExecCommand,
)
group.add_query(
    "logs",
    "logs.app",
    "Show the app's logs, of all roles and servers, ordered by time.",
    log_options,
    click.option("--container-id", "container", metavar="ID", help="Of this container."),
)
group.add_deploy(
    "maintenance",
    """
    Answer requests with 503 and a message.

    This lasts across deploys, until kamalpy app live.
    """,
    click.option(
        "--drain-timeout", type=click.IntRange(0), help="Seconds for requests [deploy.yml]"
    ),
    click.option("--message", default="", help="Text of the error page."),
)
group.add_deploy("live", "End the maintenance.")


@group.command()
@click.option("-s", "--stop", is_flag=True, help="Stop them.")
def stale_containers(stop: bool) -> int:
    """Show old versions that still run, or stop them."""
    return run_deploy("app stale_containers") if stop else run_query("state.stale")


group.add_deploy(
    "remove",
    """
    Stop the app, and remove its containers, images and files.

    The audit log stays.
    """,
)


@group.command(hidden=True)
@click.argument(
    "removed", metavar="VERSION", shell_complete=completion.argument(completion.versions)
)
def remove_container(removed: str) -> int:
    """Remove the containers of VERSION, which must not be running."""
    return run_deploy("app remove_container", version=removed)


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
