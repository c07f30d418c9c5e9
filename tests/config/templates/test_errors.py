"""What a user reads when a template cannot be rendered."""

import pytest

RUBY = (
    "let an installed Ruby render it (`ruby: true` under x-kamalpy, or --ruby),"
    " or write it in Jinja2:"
)
DOCS = "see docs/templates.md"

WITHOUT_HINT_OF_RUBY = [
    (
        'host: <%= ENV.fetch("WEB_HOST") %>',
        'config/deploy.yml:1: ENV.fetch("WEB_HOST") needs a variable that is not set'
        ' (column 11); export WEB_HOST=..., or give it a default: ENV.fetch("WEB_HOST", "...")',
    ),
    (
        'host: <%= ENV.fetch("HOSTNAM") %>',
        'config/deploy.yml:1: ENV.fetch("HOSTNAM") needs a variable that is not set (column 11);'
        " export HOSTNAM=... (did you mean HOSTNAME?), or give it a default:"
        ' ENV.fetch("HOSTNAM", "...")',
    ),
    (
        "<%= ENV.fetch('KAMAL_DESTINATION') %>",
        'config/deploy.yml:1: ENV.fetch("KAMAL_DESTINATION") needs a variable that is not set'
        " (column 5); choose a destination, as in -d staging",
    ),
    (
        'a: 1\nb: <%= ENV["USER_ID"].strip %>',
        'config/deploy.yml:2: ENV["USER_ID"] is not set, so .strip has nothing to work on'
        ' (column 8); export USER_ID=..., or write ENV.fetch("USER_ID", "...")',
    ),
    (
        "<%= SERVER_IP %>",
        "config/deploy.yml:1: there is no constant SERVER_IP (column 5);"
        ' a variable is written ENV["SERVER_IP"]',
    ),
    (
        "<%= domain %>",
        "config/deploy.yml:1: there is no local variable or method `domain` (column 5);"
        ' quote it if it is text, or assign it first; a variable is ENV["DOMAIN"]',
    ),
    (
        "<%= user_for 'host' %>",
        "config/deploy.yml:1: there is no method `user_for` (column 5);"
        " write the call in another way",
    ),
    (
        "<%= Rails.application.credentials.dig(:host) %>",
        "config/deploy.yml:1: neither Kamal nor kamalpy loads Rails (column 5);"
        " read the value from ENV",
    ),
    (
        '<% Dotenv.load(".env") %>',
        "config/deploy.yml:1: Dotenv is not loaded (column 4);"
        ' write require "dotenv" before it, as Kamal needs',
    ),
    (
        '<% require "aws-sdk" %>',
        'config/deploy.yml:1: the library "aws-sdk" is not available without Ruby (column 4);'
        " let a real Ruby render this file, with `ruby: true` under x-kamalpy or with --ruby",
    ),
    (
        '<%= File.read("VERSION") %>',
        "config/deploy.yml:1: there is no file VERSION (column 10);"
        " create it; paths are relative to the project's folder",
    ),
    (
        '<% raise "BC_HOST is not set: see README" %>',
        "config/deploy.yml:1: BC_HOST is not set: see README (column 4)",
    ),
    (
        '<%= "port " + 80 %>',
        "config/deploy.yml:1: an Integer stands where a String should be (column 13);"
        " call .to_s on it",
    ),
    (
        "<%= 80 + ENV['PORT'] %>",
        "config/deploy.yml:1: nil stands where an Integer should be (column 8); call .to_i on it",
    ),
    (
        "<%= [nil].first.strip %>",
        "config/deploy.yml:1: .strip is called on nil (column 17);"
        " give it a value, or write &.strip where nil may stand",
    ),
    (
        '<%= {"web" => 1}.fetch("wbe") %>',
        'config/deploy.yml:1: the hash has no key "wbe" (column 18); did you mean "web"?',
    ),
    (
        "<%= 1 / 0 %>",
        "config/deploy.yml:1: a number is divided by 0 (column 7)",
    ),
    (
        'image: x\nhost: <%= ENV["A"] \n',
        "config/deploy.yml:2: the tag that begins here has no end (column 7); write %>",
    ),
    (
        '<%= "a %>',
        "config/deploy.yml:1: the quote that begins here has no end (column 5);"
        ' close it with " before the end of the tag',
    ),
]
WITH_HINT_OF_RUBY = [
    (
        "hooks_path: <%= Gem::Specification.find_by_name('x').gem_dir %>",
        "config/deploy.yml:1: the constant Gem::Specification is not rendered without Ruby"
        f" (column 17); {RUBY} {DOCS}",
    ),
    (
        '<%= "a".unpack("C*") %>',
        f"config/deploy.yml:1: the method .unpack of a String is not rendered without Ruby"
        f" (column 9); {RUBY} {DOCS}",
    ),
    (
        "<%= [1, 2].in_groups_of(2) %>",
        "config/deploy.yml:1: the method .in_groups_of of an Array is not rendered without Ruby"
        f" (column 12); {RUBY} {{{{ items | batch(2) }}}}",
    ),
    (
        "<%= <<~TEXT\n  a\nTEXT\n%>",
        "config/deploy.yml:1: a here-document (<<~) is not rendered without Ruby (column 5);"
        f" {RUBY} {{% set text %}}...{{% endset %}}",
    ),
    (
        '<% s = "a"; s << "b" %>',
        "config/deploy.yml:1: `<<`, which changes a string in place (text += other does not),"
        f" is not rendered without Ruby (column 15); {RUBY}"
        " {% set text = text ~ other %}",
    ),
    (
        "<% class Host; end %>",
        "config/deploy.yml:1: a class of its own is not rendered without Ruby (column 4);"
        f" {RUBY} {{% macro name(x) %}}...{{% endmacro %}}",
    ),
    (
        '<%= system("ls") %>',
        f"config/deploy.yml:1: `system` is not rendered without Ruby (column 5); {RUBY} {DOCS}",
    ),
    (
        'a\n<% if ENV["A"] %>\nb\n',
        f"config/deploy.yml:2: `if` has no `end` (column 4); fix it, or {RUBY} {DOCS}",
    ),
    (
        "<% [1].each do |x| %>\n<%= x %>\n",
        f"config/deploy.yml:1: `do` has no `end` (column 13); fix it, or {RUBY} {DOCS}",
    ),
    (
        "<% end %>",
        "config/deploy.yml:1: `end` stands where it cannot be understood (column 4);"
        f" fix it, or {RUBY} {DOCS}",
    ),
    (
        '<%= ENV.fetch("A" %>',
        "config/deploy.yml:1: the end of the tag stands where `)` should be (column 19);"
        f" fix it, or {RUBY} {DOCS}",
    ),
]


@pytest.mark.parametrize(("text", "expected"), WITHOUT_HINT_OF_RUBY + WITH_HINT_OF_RUBY)
def test_messages(project, text, expected):
    project.environ = {"HOSTNAME": "web"}
    assert expected == project.error(text)


def test_all_missing_variables_are_reported_at_once(project):
    text = (
        'image: <%= ENV.fetch("IMAGE") %>\n'
        "servers:\n"
        '<% ENV.fetch("HOSTS").split(",").each do |host| %>\n'
        "  - <%= host %>\n"
        "<% end %>\n"
        'user: <%= ENV["USER_NAME"].strip %>:<%= ENV.fetch("IMAGE") %>\n'
    )
    told = [line.split(";")[0] for line in project.error(text).splitlines()]
    assert told == [
        'config/deploy.yml:1: ENV.fetch("IMAGE") needs a variable that is not set (column 12)',
        'config/deploy.yml:3: ENV.fetch("HOSTS") needs a variable that is not set (column 4)',
        'config/deploy.yml:6: ENV["USER_NAME"] is not set, so .strip has nothing to work on'
        " (column 11)",
        'config/deploy.yml:6: ENV.fetch("IMAGE") needs a variable that is not set (column 41)',
    ]


def test_a_variable_that_is_missing_in_a_template_of_the_template_is_reported_at_its_call(project):
    project.write("ssh.yml", "user: <%= ENV.fetch('USER_NAME') %>\n")
    error = project.error('a: 1\n<%= ERB.new(File.read("ssh.yml")).result %>')
    assert error.startswith('config/deploy.yml:2: ENV.fetch("USER_NAME") needs a variable')


def test_what_follows_from_a_missing_variable_is_not_reported(project):
    text = '<% host = ENV.fetch("HOST") %>\n<% raise "empty" if host.empty? %>\n'
    assert project.error(text).count("\n") == 0
    assert "HOST" in project.error(text)


def test_a_missing_variable_that_is_rescued_is_no_mistake(project):
    assert project.render('<%= ENV.fetch("HOST") rescue "none" %>') == "none"
    text = '<% begin; ENV.fetch("HOST"); rescue KeyError; %>none<% end %>'
    assert project.render(text) == "none"


def test_no_command_runs_after_a_mistake(project):
    text = '<% ENV.fetch("HOST") %><% `touch ran` %>'
    assert "HOST" in project.error(text, allow_commands=True)
    assert not (project.root / "ran").exists()


@pytest.mark.parametrize(
    "text",
    [
        '<%= ENV["TOKEN"] + 1 %>',
        '<%= 1 + ENV["TOKEN"] %>',
        '<%= ENV["TOKEN"].no_such_method %>',
        '<%= {}.fetch(:a, ENV["TOKEN"]).no_such_method %>',
        '<%= URI.parse(ENV["TOKEN"] + " ").host %>',
        '<%= [ENV["TOKEN"], 1].sort %>',
    ],
)
def test_no_message_holds_the_value_of_a_variable(project, text):
    project.environ = {"TOKEN": "s3cret"}
    assert "s3cret" not in project.error(text)
