"""What Kamal's own tests say of secrets, point by point, and the test here that says it of us."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent
POINTS = {
    173: ("values, commands, names and variables in a value", "secrets/test_evaluation:values"),
    174: ("a file wins over the environment", "secrets/test_evaluation:values"),
    175: (
        "common file, then that of the destination",
        "secrets/test_secrets:common_file_then_that_of_the_destination",
    ),
    176: (
        "an unknown name tells the files, or those that may be",
        "secrets/test_secrets:a_name_that_is_not_defined",
    ),
    177: (
        "secrets_path changes all of their names",
        "secrets/test_secrets:common_file_then_that_of_the_destination",
    ),
    178: (
        "inline fetch and extract run in this process",
        "secrets/test_evaluation:fetch_and_extract_need_no_process",
    ),
    179: (
        "escaped parentheses in them",
        "secrets/test_evaluation:fetch_and_extract_need_no_process",
    ),
    180: ("fetch prints JSON", "cli/test_secrets_command:fetch_prints_json"),
    181: ("extract finds NAME, or what ends in /NAME", "cli/test_secrets_command:extract"),
    182: ("print prints NAME=value", "cli/test_secrets_command:names_and_values"),
    183: (
        "1password: fields of an item in one call",
        "secrets/test_one_password:fields_of_an_item_come_in_one_call",
    ),
    184: (
        "1password: several items, all fields",
        "secrets/test_one_password:no_names_are_all_fields_that_have_a_value",
    ),
    185: ("1password: signs in", "secrets/test_one_password:signs_in_when_nobody_is"),
    186: ("lastpass: one call, folder", "secrets/test_lastpass:from_is_a_folder"),
    187: ("bitwarden: items and their fields", "secrets/test_bitwarden:every_item_has_its_call"),
    188: (
        "bitwarden: login, unlock, session",
        "secrets/test_bitwarden:logs_in_and_unlocks_as_far_as_needed",
    ),
    189: ("bitwarden: an item without fields", "secrets/test_bitwarden:refuses"),
    190: (
        "bitwarden-sm: all, of a project, single ones",
        "secrets/test_bitwarden_sm:lists_projects_and_gets_secrets",
    ),
    191: (
        "aws: profile and prefix",
        "secrets/test_aws_secrets_manager:an_account_is_a_profile_and_from_a_prefix",
    ),
    192: (
        "aws: values that are no strings",
        "secrets/test_aws_secrets_manager:objects_become_keys_and_text_stays_text",
    ),
    193: (
        "gcp: projects, versions, impersonation",
        "secrets/test_gcp:an_account_is_a_user_and_those_to_impersonate",
    ),
    194: ("doppler: project and config", "secrets/test_doppler:a_config_has_one_call"),
    195: ("enpass: one label, or a title", "secrets/test_enpass:all_titles_come_in_one_call"),
    196: (
        "passbolt: folders in folders",
        "secrets/test_passbolt:folders_are_found_before_what_is_in_them",
    ),
    197: (
        "a tool that is missing is named",
        "secrets/test_adapters:a_tool_that_is_missing_is_named",
    ),
}
DEFECTS = {
    "a command that is not there empties the whole file": "secrets/test_evaluation:mistakes",
    "gcp: values beyond ASCII, URL-safe base64": "secrets/test_gcp:every_version_has_its_call",
    "aws: scalars at the top": "secrets/test_aws_secrets_manager:"
    "objects_become_keys_and_text_stays_text",
    "passbolt: every password comes back empty": "secrets/test_passbolt:"
    "folders_are_found_before_what_is_in_them",
    "enpass: unknown titles give {} and status 0": "secrets/test_enpass:refuses",
    "1password: a line end in the session": "secrets/test_one_password:signs_in_when_nobody_is",
    "print -d needs deploy.X.yml": "cli/test_secrets_command:"
    "a_destination_needs_no_file_of_deploy_yml",
    "extract of a quoted variable": "secrets/test_evaluation:fetch_and_extract_need_no_process",
    "values in the arguments of sh -c": "secrets/test_evaluation:values_are_in_no_process_list",
}
"""What was measured to be wrong in Kamal 2.11, and works here or is refused with a reason."""


@pytest.mark.parametrize("where", [*(where for _, where in POINTS.values()), *DEFECTS.values()])
def test_a_test_says_it(where: str) -> None:
    file, _, name = where.partition(":")
    tree = ast.parse((TESTS / f"{file}.py").read_text())
    known = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    assert f"test_{name}" in known


def test_no_point_is_left_out() -> None:
    assert list(POINTS) == list(range(173, 198))
