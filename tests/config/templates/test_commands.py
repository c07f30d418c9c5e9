"""Back-ticks: which commands run, and with whose permission."""

import pytest

from kamalpy.config.templates.commands import read_only_words

READS = [
    "git rev-parse HEAD",
    "git rev-parse --short HEAD",
    "git describe --tags --always 2>/dev/null",
    "git describe --tags --always 2> /dev/null",
    "git log --pretty=format:'%h' -n 1",
    'git log -1 --format="%H %s"',
    "git log HEAD~2 -1",
    "git branch --show-current",
    "git branch --list 'release/*'",
    "git branch --contains HEAD",
    "git config --get user.email",
    "git config user.email",
    "git config --global --get remote.origin.url",
    "git status --porcelain",
    "git remote -v",
    "git remote get-url origin",
    "git symbolic-ref --short HEAD",
    "git show-ref --tags",
    "git tag",
    "git tag -l 'v*' --sort=-v:refname",
    "git tag --points-at HEAD",
    "git -C ../other rev-parse HEAD",
    "git --no-pager log -1",
    "git rev-list --count HEAD",
    "git rev-parse @{u}",
    "git --version",
    "date",
    "date +%Y%m%d%H%M%S",
    'date -u "+%Y-%m-%d %H:%M"',
]
NEEDS_PERMISSION = [
    "date -s 12:00",
    "date 0101",
    "date +%Y > version",
    "date -f /etc/passwd",
    "ls",
    "gitk",
    "git",
    "git push",
    "git fetch --all",
    "git checkout main",
    "git branch release",
    "git branch -l release",
    "git branch -D main",
    "git branch --format=x release",
    "git tag v1",
    "git tag --sort=x v1",
    "git tag -d v1",
    "git tag -a v1 -m x",
    "git config user.email me@example.com",
    "git config --unset user.email",
    "git config --edit",
    "git config core.editor=x y",
    "git remote add evil https://example.com",
    "git remote show origin",
    "git symbolic-ref HEAD refs/heads/x",
    "git symbolic-ref -d HEAD",
    "git log --output=/etc/passwd",
    "git log --outp=/etc/passwd",
    "git log --ext-diff -p",
    "git -c alias.x='!reboot' x",
    "git -c core.pager=reboot log",
    "git --exec-path=/tmp rev-parse HEAD",
    "git rev-parse HEAD; reboot",
    "git rev-parse HEAD && reboot",
    "git rev-parse HEAD | cut -c1-7",
    "git rev-parse HEAD > version",
    "git rev-parse HEAD\nreboot",
    "git rev-parse $(reboot)",
    "git rev-parse `reboot`",
    'git log --format="$(reboot)"',
    "git log --format=$HOME",
    "git tag -l v*",
    "git rev-parse HEAD &",
    "GIT_DIR=/tmp git rev-parse HEAD",
    "git rev-parse 'HEAD",
    "git rev-parse \\HEAD",
]


@pytest.mark.parametrize("command", READS)
def test_commands_that_only_read_run_always(command):
    assert read_only_words(command) is not None


@pytest.mark.parametrize("command", NEEDS_PERMISSION)
def test_all_others_need_permission(command):
    assert read_only_words(command) is None


def test_git_runs_in_the_folder_of_the_project(project):
    project.git("init", "-q", "-b", "main")
    project.git("commit", "-q", "--allow-empty", "-m", "first 'quoted' commit")
    project.git("tag", "v1")
    sha = project.git("rev-parse", "HEAD").strip()
    assert project.render("<%= `git rev-parse HEAD`.strip %>") == sha
    assert project.render("<%= `git rev-parse --short=7 HEAD`.strip %>") == sha[:7]
    assert project.render("<%= %x(git describe --tags --always 2>/dev/null).strip %>") == "v1"
    assert project.render("<%= `git log --pretty=format:'%h %s' -n 1`[8..] %>").endswith("commit")
    assert project.render("<%= `git branch --show-current`.strip %>") == "main"
    assert project.render("<%= `git status --porcelain`.empty? %>") == "true"
    assert project.render("<%= `git tag #{'-'}l` %>") == "v1\n"


def test_what_fails_prints_nothing_as_in_ruby(project):
    project.environ = {"GIT_CEILING_DIRECTORIES": str(project.root.parent)}
    assert project.render("<%= `git rev-parse HEAD 2>/dev/null`.inspect %>") == '""'


def test_other_commands_run_when_allowed(project):
    text = "<%= `cat hosts | head -1`.strip %>-<%= `echo $ROLE` %>"
    project.write("hosts", "a.example.com\nb.example.com\n")
    project.environ = {"ROLE": "web"}
    assert project.render(text, allow_commands=True) == "a.example.com-web\n"


def test_otherwise_the_message_says_how_to_allow_them(project):
    assert project.error("a: 1\nb: <%= `bash .kamal/server-ips web s3cret`.strip %>") == (
        "config/deploy.yml:2: the command `bash ...` may not run in this template (column 8);"
        " allow it with `commands: true` under x-kamalpy or with --allow-commands"
    )


def test_a_missing_git_is_reported(project):
    project.environ = {"PATH": str(project.root)}
    assert project.error("<%= `git rev-parse HEAD` %>") == (
        "config/deploy.yml:1: git is not installed here (column 5); install it"
    )


def test_a_command_that_never_ends_printing_is_stopped(project):
    assert "printed too much" in project.error("<%= `yes` %>", allow_commands=True)


def test_variables_set_in_the_template_reach_commands(project):
    text = '<% ENV["GREETING"] = "hello" %><%= `echo $GREETING` %>'
    assert project.render(text, allow_commands=True) == "hello\n"


def test_a_template_cannot_replace_git(project):
    project.write("bin/git", "#!/bin/sh\ntouch ran\n")
    (project.root / "bin" / "git").chmod(0o755)
    text = '<% ENV["PATH"] = File.expand_path("bin") %><%= `git --version` %>'
    assert project.render(text).startswith("git version")
    assert not (project.root / "ran").exists()


def test_the_date_is_available(project):
    assert project.render("<%= `date +%Y`.strip %>").isdecimal()
