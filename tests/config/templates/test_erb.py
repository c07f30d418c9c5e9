"""Tags, trimming, and what stands between: the text of a template to the text of a file."""

import pytest

TAGS = [
    ("plain text\n", "plain text\n"),
    ("<%= 1 %>", "1"),
    ("a <%= 1 %> b <%= 2 %>\n", "a 1 b 2\n"),
    ("<%=1%>", "1"),
    ("<%= %>|", "|"),
    ("<%= 1; 2 %>", "2"),
    ("<% 1 %>|", "|"),
    ("<%# a comment %>|", "|"),
    ("<%# two\nlines %>|", "|"),
    ("<%% literal %>", "<% literal %>"),
    ('<%= "%%>" %>', "%>"),
    ("%%> %>", "%%> %>"),
    ("# <%= 1 + 1 %> in a comment of YAML\n", "# 2 in a comment of YAML\n"),
    # Trim mode -, as Kamal has it: -%> takes the end of the line, <%- the blanks before it.
    ("a\n<% 1 -%>\nb", "a\nb"),
    ("a\r\n<% 1 -%>\r\nb", "a\r\nb"),
    ("a\n  <%- 1 -%>\nb", "a\nb"),
    ("a\n  <%- 1 %>\nb", "a\n\nb"),
    ("a <% 1 %>  <%- 2 %>b", "a b"),
    ("a  <%- 1 %>b", "a  b"),
    ("<% 1 -%>  \nb", "  \nb"),
    ("<%= 1 -%>\n", "1"),
    ("- <%%= 1 -%>\n", "- <%= 1 -%>\n"),
    # Ruby's comment runs to the end of the line of the program that ERB makes: it takes text along.
    ("<% # note %>\nswallowed <%= 1 %>\n", "1\n"),
    ("<% # note\n%>\nkept\n", "\nkept\n"),
    ("<% 1 # note\n%>kept", "kept"),
    # A tag without an end is written out where it stands in a comment of YAML.
    ("# tags begin with <% as you know", "# tags begin with  as you know"),
]


@pytest.mark.parametrize(("text", "expected"), TAGS)
def test_tags(project, text, expected):
    assert expected == project.render(text)


STATEMENTS = [
    ("<% if true %>a<% else %>b<% end %>", "a"),
    ("<% if false %>a<% elsif nil %>b<% else %>c<% end %>", "c"),
    ("<% unless false %>a<% end %>", "a"),
    ("<% [0, 1, 2].each do |i| %><%= i %><% end %>", "012"),
    ("<% [0, 1, 2].each { |i| %><%= i %><% } %>", "012"),
    ('<% begin %>a<% raise "x" %>b<% rescue %>c<% end %>', "ac"),
    ("hosts:\n<% %w[a b].each do |h| -%>\n  - <%= h %>\n<% end -%>\n", "hosts:\n  - a\n  - b\n"),
]


@pytest.mark.parametrize(("text", "expected"), STATEMENTS)
def test_statements_that_span_tags(project, text, expected):
    assert expected == project.render(text)


LINES = [
    ("a\nb\n", [1, 2, 3]),
    ("a: <%= 1 %>\nb: 2\n", [1, 2, 3]),
    ("<% x = 1\n   y = 2 -%>\nb: 2\nc: 3", [3, 4]),
    ('a: <%= ["x", "y"].join("\\n") %>\nb: 2', [1, 1, 2]),
    ("<% [1, 2].each do -%>\n- a\n- b\n<% end -%>\nc", [2, 3, 2, 3, 5]),
    ("<% if false %>\na\n<% end %>\nb", [3, 4]),
    ("<%# one\ntwo %>\nb", [2, 3]),
]


@pytest.mark.parametrize(("text", "expected"), LINES)
def test_every_line_of_the_result_knows_where_it_came_from(project, text, expected):
    rendered, lines = project.lines(text)
    assert expected == lines
    assert rendered.count("\n") + 1 == len(lines)
