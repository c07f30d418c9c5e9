"""The README's table of differences: each row has a test, and what is seen on servers is in it."""

from __future__ import annotations

import re
from pathlib import Path

from lab import differences
from lab.differences import Known

ROOT = Path(__file__).parents[1]
SERVERS = "e2e/side_by_side/test_deploys.py::test_servers_are_left_alike"

#: Each row by what it says of Kamal, and where it is seen that kamalpy is different.
ROWS = {
    "a failed server leaves a mixed fleet": "deploys/test_failure.py::test_all_or_nothing",
    "no plan": "e2e/test_setup.py::test_a_dry_run_tells_exactly_what_then_happens",
    "a second run replaces every container": SERVERS,
    "`docker login -p`": "e2e/test_hidden.py::test_no_process_and_no_output_has_a_secret",
    "lock stays after Ctrl-C; nobody knows whose": (
        "e2e/interrupted/test_ctrl_c.py::test_ctrl_c_takes_everything_back_before_it_returns"
    ),
    "a failed boot shows logs of the primary role": (
        "e2e/test_deploy.py::test_a_version_that_gets_sick_on_one_host_is_deployed_to_none"
    ),
    "waits 30 s for a container that has crashed": (
        "e2e/test_deploy.py::test_a_version_that_gets_sick_on_one_host_is_deployed_to_none"
    ),
    "several refusals exit 0, errors on standard output": (
        "deploys/test_command_line.py::test_a_failure_is_an_exit_status"
    ),
    "key of an own certificate readable for all": SERVERS,
    "multi-line and backslash secrets arrive changed": SERVERS,
    "`$(command)` that fails gives an empty secret": "secrets/test_evaluation.py::test_mistakes",
    "secrets are variables, for `docker inspect` to show": (
        "e2e/test_secret_files.py::test_no_environment_has_them"
    ),
    "shows secrets that hooks, logs and commands print": "e2e/test_hidden_verbs.py::test_verbs",
    "an empty clear variable is not set": SERVERS,
    "image must carry the label `service`": (
        "config/test_builder.py::test_is_not_needed_when_nothing_is_built"
    ),
    "prune counts all roles and destinations together": SERVERS,
    "`cmd` is pasted into a shell on the server": (
        "e2e/test_injection.py::test_nothing_that_is_written_runs"
    ),
    "`exec` joins its words, and a shell on the server reads them": (
        "e2e/test_exec.py::test_words_arrive_as_they_were_typed"
    ),
    "`exec` gets today's deploy.yml and the image `latest`": (
        "e2e/test_exec.py::test_a_container_of_its_own_is_like_the_one_that_serves"
    ),
    "`exec -i` and `logs -f` reach the primary host": (
        "e2e/test_looking.py::test_logs_of_all_hosts_are_followed"
    ),
    "`accessory boot` leaves an existing container alone": (
        "operations/accessory.container/acts_on_one_that_differs.yaml"
    ),
    "`remove` takes the accessories' data along": (
        "e2e/test_remove.py::test_one_goes_and_the_other_stays"
    ),
    "`upgrade` that fails leaves servers without any proxy": (
        "e2e/test_upgrade.py::test_if_it_fails_traefik_serves_again"
    ),
    "`-h web1,typo` goes on with `web1` alone": "conformance/test_filters.py::test_choices",
    "`boot.limit` waves of old and new versions": (
        "deploys/test_deploy.py::test_boots_group_by_group"
    ),
    "keeps of a release no more than its container": SERVERS,
    "`rollback` has today's environment and options, and needs the old container": (
        "e2e/test_rollback.py::test_it_comes_back_as_it_was"
    ),
    "bare `app boot` calls its containers `latest`, `app start` starts what git says": (
        "deploys/test_verbs.py::test_boot_gives_what_serves_a_new_container"
    ),
    "a container does not tell what it was made with": SERVERS,
    "`app exec` runs the image that is called latest": SERVERS,
    "notes each command in the audit log, also what did nothing": SERVERS,
}


def test_each_row_has_a_test() -> None:
    assert rows() == list(ROWS)
    assert [test for test in ROWS.values() if not exists(test)] == []


def test_what_differs_on_servers_is_in_the_table() -> None:
    seen = {each.row for each in known()}
    assert seen - set(ROWS) == set()
    assert {row for row, test in ROWS.items() if test == SERVERS} - seen == set()


def rows() -> list[str]:
    """List what the README's table says of Kamal."""
    table = (ROOT / "README.md").read_text().partition("| Kamal 2.12 | kamalpy | Why |\n")[2]
    lines = table.partition("\n\n")[0].splitlines()[1:]
    return [line.split(" | ")[0].removeprefix("| ") for line in lines]


def exists(test: str) -> bool:
    """Tell whether there is such a test."""
    file, _, name = test.partition("::")
    path = ROOT / "tests" / file
    if not path.exists():
        return False
    return not name or re.search(rf"^def {name}\(", path.read_text(), re.MULTILINE) is not None


def known() -> list[Known]:
    """List all that may differ on servers."""
    lists = (value for value in vars(differences).values() if isinstance(value, tuple))
    return [each for listed in lists for each in listed if isinstance(each, Known)]
