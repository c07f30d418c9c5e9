"""What the templates of one configuration leave behind for each other."""

import pytest

from kamalpy.config.templates import SharedContext


@pytest.fixture
def shared(project):
    project.shared = SharedContext()
    return project


def test_nothing_is_shared_between_renderings_of_their_own(project):
    project.render('<% @x = 1; ENV["X"] = "1" %>')
    assert project.render('<%= @x.inspect %><%= ENV["X"].inspect %>') == "nilnil"


def test_environment_instance_variables_and_constants_are_shared(shared):
    shared.render('<% @x = 1; ENV["X"] = "2"; X = 3 %>')
    assert shared.render('<%= [@x, ENV["X"], X] %>') == '[1, "2", 3]'
    assert shared.shared.environ["X"] == "2"


def test_local_variables_are_not_shared(shared):
    shared.render("<% x = 1 %>")
    assert "there is no local variable or method `x`" in shared.error("<%= x %>")


def test_what_was_loaded_stays_loaded(shared):
    shared.write(".env", "HOST=a\n")
    shared.render('<% require "dotenv"; Dotenv.load %>')
    shared.write(".env.staging", "HOST=b\nPORT=80\n")
    text = '<% Dotenv.load(".env.staging") %><%= ENV["HOST"] %><%= ENV["PORT"] %>'
    assert shared.render(text) == "a80"


def test_the_environment_that_was_given_is_never_changed(project):
    project.environ = {"A": "1"}
    project.render('<% ENV["A"] = "2"; ENV["PATH"] = nil %>')
    assert project.environ == {"A": "1"}


def test_a_template_that_fails_leaves_no_environment_behind(shared):
    shared.error('<% ENV["A"] = "1"; raise "no" %>')
    assert shared.shared.environ is None


def test_jinja2_sees_the_environment_that_erb_left(shared):
    shared.render('<% ENV["A"] = "1" %>')
    assert shared.render("a: {{ env.A }}") == "a: 1"
