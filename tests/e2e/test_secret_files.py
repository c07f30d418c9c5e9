"""Secrets as files of a container, in /run/secrets, and in no environment."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from fleet.registry import Registry
from lab import configurations
from lab.host import Host
from lab.project import Project, Result
from lab.servers import Images, Servers

ANY_BYTES = bytes(range(1, 256)).decode("utf-8", "surrogateescape")
PLACES = {
    "web": "files",
    "job": {"place": "files", "owner": "games"},
    "postgres": "file_variables",
}


class Shop:
    """Servers, a project, and the deploy.yml that tests change."""

    def __init__(self, fleet: Servers, project: Project, config: dict[str, Any]) -> None:
        self.fleet, self.project, self.config = fleet, project, config
        self.web, self.job = fleet[0], fleet[2]

    def deploy(self, version: str, *words: str, **changes: Any) -> Result:
        self.project.configure({**self.config, **changes})
        return self.project.deploy(version, *(words or ["-y"]))

    def secrets(self, **values: str) -> None:
        self.project.secrets({**self.project.environment, **values})


def contents(host: Host, container: str, user: str = "") -> dict[str, bytes]:
    """Read the files as somebody in the container."""
    script = "cd /run/secrets && for each in *; do echo $each $(base64 -w0 <$each); done"
    as_user = f"--user {user}" if user else ""
    said = host.sh(f"docker exec {as_user} {container} sh -c '{script}'")
    pairs = (line.split(" ", 1) for line in said.splitlines())
    return {name: base64.b64decode(text) for name, text in pairs}


def modes(host: Host, container: str) -> set[str]:
    """List mode and owner of the files."""
    return set(host.sh(f"docker exec {container} sh -c 'stat -c %a:%U /run/secrets/*'").split())


def environment(host: Host, container: str) -> str:
    """Read all that an environment tells: docker's, and that of the process."""
    own = host.sh(f"docker exec {container} cat /proc/1/environ")
    return f"{host.inspect(container)['Config']['Env']} {own}"


@pytest.fixture(scope="module")
def shop(
    fleet: Servers, images: Images, registry: Registry, new_project: Callable[[], Project]
) -> Shop:
    """Files everywhere: read by root, by a user of the image, by Postgres."""
    project = new_project()
    config = configurations.grown(fleet.addresses, registry)
    config["servers"]["job"]["options"] = {"user": "games"}
    config["env"]["secret"].append("ANY_BYTES")
    config |= {"x-kamalpy": {"secrets": PLACES}, "readiness_delay": 1}
    project.secrets({**configurations.secrets(registry), "ANY_BYTES": ANY_BYTES})
    for version in ("v1", "v2"):
        images.app(version)
    made = Shop(fleet, project, config)
    done = made.deploy("v1")
    assert done.status == 0, done.text
    project.write("deploy.py", "from kamalpy import deploys\n\ndeploys.setup()\n")
    return made


def test_a_container_has_its_secrets_as_files_for_itself_alone(shop: Shop) -> None:
    wanted = {
        "ANY_BYTES": bytes(range(1, 256)),
        "DATABASE_URL": configurations.SECRETS["DATABASE_URL"].encode(),
        "XAI_API_KEY": b"xai-4711",
    }
    assert contents(shop.web, "test-web-v1") == wanted
    assert contents(shop.job, "test-job-v1") == wanted
    assert modes(shop.web, "test-web-v1") == {"400:root"}
    assert modes(shop.job, "test-job-v1") == {"400:games"}
    assert (
        shop.web.status("docker exec --user nobody test-web-v1 cat /run/secrets/XAI_API_KEY") != 0
    )


def test_no_environment_has_them(shop: Shop) -> None:
    for host, name in ((shop.web, "test-web-v1"), (shop.job, "test-job-v1")):
        told = environment(host, name)
        assert [each for each in ("xai-4711", "pg-secret", "XAI_API_KEY") if each in told] == []
        assert "APP_TEST" in told


def test_postgres_finds_its_password_by_the_variable_that_names_the_file(shop: Shop) -> None:
    told = str(shop.job.inspect("test-postgres")["Config"]["Env"])
    assert "POSTGRES_PASSWORD_FILE=/run/secrets/POSTGRES_PASSWORD" in told
    assert "pg-secret" not in told
    login = "PGPASSWORD=pg-secret psql -h 127.0.0.1 -U postgres -tc 'select 4711' production_db"
    shop.job.wait_for(f"docker exec test-postgres sh -c {json.dumps(login)} | grep 4711")


def test_on_the_host_only_root_can_read_them(shop: Shop) -> None:
    shop.web.sh("id ada || useradd --create-home ada")
    find = (
        "find / -xdev -type f -readable 2>/dev/null | xargs -d '\\n' grep -ls xai-4711 2>/dev/null"
    )
    assert shop.web.sh(f"su ada -c {json.dumps(find)} || true") == ""


def test_a_second_deploy_has_nothing_to_do(shop: Shop) -> None:
    before = [host.state() for host in shop.fleet]
    assert shop.deploy("v1").status == 0
    assert [host.state() for host in shop.fleet] == before


def test_they_survive_a_restart_of_the_container_and_of_docker(shop: Shop) -> None:
    before = contents(shop.job, "test-job-v1")
    has_secrets = "docker exec test-job-v1 test -s /run/secrets/XAI_API_KEY"
    shop.job.sh("docker restart --time 1 test-job-v1")
    shop.job.wait_for(has_secrets)
    assert contents(shop.job, "test-job-v1") == before
    shop.job.sh("docker kill --signal KILL test-job-v1; docker start test-job-v1")
    shop.job.wait_for(has_secrets)
    assert contents(shop.job, "test-job-v1", "games") == before


def test_a_change_is_shown_by_name_and_replaces_whoever_has_it(shop: Shop) -> None:
    shop.secrets(XAI_API_KEY="xai-4712")
    said = shop.deploy("v1", "--dry", "--diff")
    assert "/run/secrets/XAI_API_KEY: changes (secret)" in said.text
    assert "/run/secrets/ANY_BYTES" not in said.text
    assert "xai-471" not in said.text
    ids = [host.inspect(name)["Id"] for host, name in ((shop.web, "test-web-v1"),)]
    database = shop.job.inspect("test-postgres")["Id"]
    assert shop.deploy("v1").status == 0
    assert contents(shop.web, "test-web-v1")["XAI_API_KEY"] == b"xai-4712"
    assert contents(shop.job, "test-job-v1")["XAI_API_KEY"] == b"xai-4712"
    assert shop.web.inspect("test-web-v1")["Id"] not in ids
    assert shop.job.inspect("test-postgres")["Id"] == database


def test_secrets_check_reports_who_runs_with_another_value(shop: Shop) -> None:
    shop.secrets(XAI_API_KEY="xai-4713")
    said = shop.project.kamalpy(
        "secrets", "check", "--servers", "--json", "--rotated", "XAI_API_KEY"
    )
    assert said.status == 0, said.text
    rows = [json.loads(line) for line in said.out.splitlines()]
    assert [row for row in rows if "host" in row] == [
        {
            "host": host.address,
            "container": f"test-{role}-v1",
            "other value": ["XAI_API_KEY"],
            "rotated": ["XAI_API_KEY"],
            "replaced by": "kamalpy deploy",
        }
        for host, role in ((shop.fleet[0], "web"), (shop.fleet[1], "web"), (shop.job, "job"))
    ]
    assert "xai-471" not in said.text
    shop.secrets(XAI_API_KEY="xai-4712")
    said = shop.project.kamalpy("secrets", "check", "--servers", "--json")
    holders = [row for row in map(json.loads, said.out.splitlines()) if "host" in row]
    assert [row["other value"] for row in holders] == [[], [], [], []]


def test_the_old_version_still_has_its_own(shop: Shop) -> None:
    shop.secrets(XAI_API_KEY="xai-4714")
    env = {**shop.config["env"], "secret": ["XAI_API_KEY"]}
    assert shop.deploy("v2", env=env).status == 0
    assert contents(shop.web, "test-web-v2") == {"XAI_API_KEY": b"xai-4714"}
    shop.web.sh("docker start test-web-v1")
    shop.web.wait_for("docker exec test-web-v1 test -s /run/secrets/XAI_API_KEY")
    assert contents(shop.web, "test-web-v1")["XAI_API_KEY"] == b"xai-4712"
    shop.web.sh("docker rm --force test-web-v1")


def test_back_to_variables(shop: Shop) -> None:
    env = {**shop.config["env"], "secret": ["XAI_API_KEY"]}
    changes = {"env": env, "x-kamalpy": {"secrets": {"postgres": "file_variables"}}}
    said = shop.deploy("v2", "--dry", "--diff", **changes)
    assert "- test-web: /run/secrets/XAI_API_KEY: (secret) -> (none)" in said.text
    assert "+ test-web: env/XAI_API_KEY: (none) -> (secret)" in said.text
    assert shop.deploy("v2", **changes).status == 0
    assert "XAI_API_KEY=xai-4714" in environment(shop.web, "test-web-v2")
    assert shop.web.status("docker exec test-web-v2 test -e /run/secrets") == 1
    left = "docker volume ls --quiet --filter label=kamalpy.secrets --filter dangling=true"
    assert shop.web.sh(left) == ""
