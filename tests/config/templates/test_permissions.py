"""What a file permits its own template, and which files are written in Jinja2."""

import pytest

from kamalpy.config.templates import Permissions, permissions_of
from kamalpy.config.templates.detection import is_jinja

PERMISSIONS = [
    ("service: blog\n", Permissions()),
    ("x-kamalpy:\n  ruby: true\n", Permissions(ruby=True)),
    ("x-kamalpy:\n  commands: yes\n", Permissions(commands=True)),
    ("x-kamalpy:\n  jinja: on\n", Permissions(jinja=True)),
    ("a: 1\nx-kamalpy:\n    build: false\n    ruby: true # why\n\n    commands: true\nb: 1\n",
     Permissions(ruby=True, commands=True)),
    ("x-kamalpy: {ruby: true, commands: true}\n", Permissions(ruby=True, commands=True)),
    ("x-kamalpy: { commands: true }\n", Permissions(commands=True)),
    ("x-kamalpy: # ours\n  # here\n  ruby: true\n", Permissions(ruby=True)),
    ("x-kamalpy:\r\n  ruby: true\r\n", Permissions(ruby=True)),
    ("x-kamalpy:\n  ruby: false\n", Permissions()),
    ("x-kamalpy:\n  ruby: <%= true %>\n", Permissions()),
    ("x-kamalpy:\n  health:\n    ruby: true\n", Permissions()),
    ("x-kamalpy:\n  build: false\nother:\n  ruby: true\n", Permissions()),
    ("other:\n  x-kamalpy:\n    ruby: true\n", Permissions()),
    ("# x-kamalpy:\n#   ruby: true\n", Permissions()),
    ("x-kamalpy:\n  # ruby: true\n", Permissions()),
    ("x-kamalpy:\n  ruby: true-ish\n", Permissions()),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), PERMISSIONS)
def test_permissions(text, expected):
    assert expected == permissions_of(text)


IN_JINJA = [
    ("host: {{ env.HOST }}\n", "config/deploy.yml"),
    ("hosts:\n  - {{ env['HOST'] }}\n", "config/deploy.yml"),
    ("host: {{- destination -}}\n", "config/deploy.yml"),
    ("{% for h in env.HOSTS.split() %}\n- {{ h }}\n{% endfor %}\n", "config/deploy.yml"),
    ("{{ env.A }}: 1\n", "config/deploy.yml"),
    ('x-kamalpy:\n  jinja: true\nhost: "{{ env.HOST }}"\n', "config/deploy.yml"),
    ("no braces at all\n", "config/deploy.yml.j2"),
    ("<%= 1 %> and {{ env.A }}", "config/deploy.yml.j2"),
]
NOT_IN_JINJA = [
    'tag: "{{.Name}}"\n',
    "aliases:\n  names: docker ps --format {{.Names}}\n",
    "aliases:\n  names: docker ps --format '{{ .Names }}'\n",
    'image: "{{ env.IMAGE }}"\n',
    "image: blog-{{ env.IMAGE }}\n",
    "image: ${{ env.IMAGE }}\n",
    "a: ${{ env.IMAGE }}\nb: [\n",
    "cmd: |\n  {% if x %}\n  {{ env.HOST }}\n",
    "# host: {{ env.HOST }}\nhost: a\n",
    "host: <%= 1 %>\n# {{ env.HOST }}\nother: {{ env.HOST }}\n",
    "flow: {a: {b: 1}}\n",
    "host: [\n",
    "host: {{ host }}\n",
]


@pytest.mark.parametrize(("text", "file"), IN_JINJA)
def test_files_in_jinja(text, file):
    assert is_jinja(text, file)


@pytest.mark.parametrize("text", NOT_IN_JINJA)
def test_braces_that_kamal_takes_as_they_are(project, text):
    assert not is_jinja(text, "config/deploy.yml")
    if "<%" not in text:
        assert text == project.render(text)
