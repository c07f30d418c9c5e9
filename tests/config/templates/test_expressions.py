"""What can stand in a tag, and what it writes; every answer here is Ruby's own."""

import pytest

VARIABLES = [
    ('ENV["HOST"]', "example.com"),
    ('ENV["UNSET"]', ""),
    ('ENV["UNSET"] || "default"', "default"),
    ('ENV["EMPTY"] || "default"', ""),
    ('ENV["EMPTY"].presence || "default"', "default"),
    ('ENV["UNSET"].presence || ENV["HOST"]', "example.com"),
    ('ENV.fetch("HOST")', "example.com"),
    ('ENV.fetch("UNSET", "default")', "default"),
    ('ENV.fetch("UNSET", 3000)', "3000"),
    ('ENV.fetch("UNSET", nil)', ""),
    ('ENV.fetch("UNSET") { |name| name.downcase }', "unset"),
    ('ENV["UNSET"].to_s.strip', ""),
    ('ENV["UNSET"]&.strip', ""),
    ('ENV["HOST"]&.upcase', "EXAMPLE.COM"),
    ('ENV.key?("HOST")', "true"),
    ('ENV["HOST"].nil?', "false"),
    ('ENV["HOST"].present? && ENV["EMPTY"].blank?', "true"),
    ('ENV["PORT"].to_i + 1', "81"),
    ('ENV["PORT"] == "80" ? "http" : "other"', "http"),
    ('ENV["HOSTS"].split(",").map(&:strip)', '["a.example.com", "b.example.com"]'),
    (
        'ENV["HOSTS"].split(", ").map { |host| "  - #{host}" }.join("\\n")',
        "  - a.example.com\n  - b.example.com",
    ),
    ('[ENV.fetch("HOST")]', '["example.com"]'),
    ('(ENV["NEW"] ||= "1"; ENV["NEW"])', "1"),
    ('"#{ENV["HOST"]}:#{ENV["PORT"]}"', "example.com:80"),
]
STRINGS = [
    ("'single #{quotes}\\n'", "single #{quotes}\\n"),
    ('"double \\"quotes\\"\\t\\e".inspect', '"double \\"quotes\\"\\t\\e"'),
    ("%q(a (nested) b) + %Q(#{1 + 1}) + %(c)", "a (nested) b2c"),
    ('" x ".strip + "|" + " x ".lstrip + "|" + " x ".rstrip', "x|x | x"),
    ('"v1.2\\n".chomp + "v1.2".delete_prefix("v")', "v1.21.2"),
    ('"a,b,,".split(",")', '["a", "b"]'),
    ('"a,b,,".split(",", -1)', '["a", "b", "", ""]'),
    ('"a-b-c".split("-", 2)', '["a", "b-c"]'),
    ('" a  b ".split', '["a", "b"]'),
    ('"a, b;c".split(/[,;]\\s*/)', '["a", "b", "c"]'),
    ('"hello"[0] + "hello"[-2..] + "hello"[1, 2] + "hello"[1...-1]', "hloelell"),
    ('"v1.2.3"[/\\d+\\.\\d+/]', "1.2"),
    ('"hello".sub("l", "L") + "hello".gsub("l", "L")', "heLloheLLo"),
    ('"foo.bar-baz".gsub(/[^a-z]+/, "_")', "foo_bar_baz"),
    ("\"2024-01\".gsub(/(\\d+)-(\\d+)/, '\\2/\\1')", "01/2024"),
    ('"hello".gsub(/[el]/) { |letter| letter.upcase }', "hELLo"),
    ('"hello".start_with?("he") && "hello".end_with?("x", "lo")', "true"),
    ('"hello".include?("ell") && !"hello".empty?', "true"),
    ('"hello" =~ /l+/', "2"),
    ('"a=1;b=2".scan(/(\\w)=(\\d)/)', '[["a", "1"], ["b", "2"]]'),
    ('"HOST".match?(/host/i)', "true"),
    ('"abc" <=> "abd"', "-1"),
    ('"feature/x".tr("/", "-")', "feature-x"),
    ('"one\\ntwo\\n".lines.map(&:chomp)', '["one", "two"]'),
]
LIBRARIES = [
    ('JSON.parse("[1, {\\"a\\": null}]")', '[1, {"a"=>nil}]'),
    ('JSON.parse("{\\"a\\": 1}", symbolize_names: true)[:a]', "1"),
    ('{ "a" => ["<", nil, :b], c: 1.5 }.to_json', '{"a":["\\u003c",null,"b"],"c":1.5}'),
    ('JSON.generate("a" => true)', '{"a":true}'),
    ('YAML.load("a: [1, yes]")', '{"a"=>[1, true]}'),
    ('CGI.escape("a b/~*")', "a+b%2F~%2A"),
    ('ERB::Util.url_encode("a b/~*")', "a%20b%2F~%2A"),
    ('URI.encode_www_form_component("a b/~*")', "a+b%2F%7E*"),
    ('URI.encode_uri_component("a b/~*")', "a%20b%2F%7E*"),
    ('["amd64", "arm64"].include?(Kamal::Utils.docker_arch)', "true"),
    ('Kamal::VERSION.start_with?("2.")', "true"),
]
NUMBERS = [
    ("7 / 2", "3"),
    ("-7 / 2", "-4"),
    ("-7 % 3", "2"),
    ("100.0", "100.0"),
]
NUMBERS += [
    ("1_000 + 5 * 2 - 1", "1009"),
    ('ENV["UNSET"] || 1.5', "1.5"),
    ("3 > 2 && 2.5 <= 3 && 1 != 2", "true"),
]
ARRAYS = [
    ("[3, 1, 2].select { |n| n > 1 }", "[3, 2]"),
    ("[3, 1, 2].reject { |n| n > 1 }", "[1]"),
    ("[1, 2].flat_map { |n| [n, n * 10] }", "[1, 10, 2, 20]"),
    ("%w[a b].each_with_index { |name, i| i }", '["a", "b"]'),
    ("[3, 1, 2].sort", "[1, 2, 3]"),
    ('%w[b a].sort.join(", ")', "a, b"),
    ("[1, [2, [3]]].flatten", "[1, 2, 3]"),
    ("[nil, 1, nil].compact", "[1]"),
    ("%w[a b a].uniq", '["a", "b"]'),
    ("%w[a b c].first + %w[a b c].last", "ac"),
    ("%w[a b c][1..]", '["b", "c"]'),
    ("%w[a b c][-1]", "c"),
    ('%w[a b].include?("b")', "true"),
    ("[1, 2, 3].map { |n| n * 2 }", "[2, 4, 6]"),
    ('%w[a b].each_with_index.map { |name, i| "#{i}:#{name}" }', '["0:a", "1:b"]'),
    ("[[1, 2], [3, 4]].map { |a, b| a + b }", "[3, 7]"),
    ("[1, 2, 3].any? { |n| n > 2 }", "true"),
]
HASHES = [
    ('{ "a" => 1, b: 2 }', '{"a"=>1, :b=>2}'),
    ("{ a: { b: [1, 2] } }[:a][:b].first", "1"),
    ("{ a: { b: 1 } }.dig(:a, :b)", "1"),
    ("{ a: 1 }.fetch(:b, 0)", "0"),
    ("{ a: 1 }.merge(b: 2)", "{:a=>1, :b=>2}"),
    ("{ a: 1, b: nil }.compact", "{:a=>1}"),
    ('{ a: 1 }.map { |key, value| "#{key}=#{value}" }.join(",")', "a=1"),
    ("{ a: 1, b: 2 }.select { |key, value| value > 1 }", "{:b=>2}"),
    ("{ a: 1 }.key?(:a)", "true"),
    ("{ a: 1 }.keys + { a: 1 }.values", "[:a, 1]"),
]
DECISIONS = [
    ("nil.to_s + nil.inspect", "nil"),
    ('(begin; raise "no"; rescue; "none"; end)', "none"),
    ('(begin; ENV.fetch("UNSET"); rescue KeyError, LoadError; "none"; end)', "none"),
    ('(ENV.fetch("UNSET") rescue "none")', "none"),
    ('File.basename("/a/b.rb", ".rb")', "b"),
    ('"v1" =~ /v/ && "v1".match?(/\\d/)', "true"),
    ("true && false || true", "true"),
    ("!nil", "true"),
    ('nil || "x"', "x"),
    ("1 == 1.0", "true"),
    ('"1" == 1', "false"),
    ('if ENV["HOST"] then "a" else "b" end', "a"),
    ('(x = 5 unless ENV["HOST"]; x.inspect)', "nil"),
    (":name.to_s + :name.inspect", "name:name"),
    ("RUBY_ENGINE", "ruby"),
    ('URI.parse("https://deploy@example.com:8443/up?x=1").host', "example.com"),
    ('File.join("config", "deploy.yml")', "config/deploy.yml"),
    ('ERB.new("<%%= 1 + 1 %%>").result', "<%= 1 + 1 %>"),
]


@pytest.mark.parametrize(
    ("expression", "expected"),
    VARIABLES + STRINGS + LIBRARIES + NUMBERS + ARRAYS + HASHES + DECISIONS,
)
def test_expressions(project, expression, expected):
    project.environ = {
        "HOST": "example.com",
        "PORT": "80",
        "EMPTY": "",
        "HOSTS": "a.example.com, b.example.com",
    }
    assert expected == project.render(f"<%= {expression} %>")


def test_ruby_has_a_version_that_can_be_chosen(project):
    text = '<%= "#{RUBY_ENGINE}-#{RUBY_ENGINE_VERSION}" %> <%= RUBY_VERSION %>'
    assert project.render(text) == "ruby-3.3.7 3.3.7"
    project.environ = {"RUBY_VERSION": "3.4.4"}
    assert project.render(text) == "ruby-3.4.4 3.4.4"


def test_files_are_read_from_the_project(project):
    project.write(".ruby-version", "3.4.4\n")
    project.write("config/hosts", "a\nb\n")
    assert project.render('<%= File.read(".ruby-version").strip %>') == "3.4.4"
    assert project.render('<%= File.read(File.join("config", "hosts")).split %>') == '["a", "b"]'
    assert project.render('<%= File.exist?("nope") || File.exist?("config/hosts") %>') == "true"
    assert project.render('<%= File.expand_path("../x") %>') == str(project.root.parent / "x")


def test_settings_are_read_from_yaml_and_json(project):
    project.write("hosts.yml", "web: [a, b]\nport: 0x50\nitems: &x {n: 1}\nmore: *x\n")
    project.write("app.json", '{"version": "1.2"}')
    assert project.render('<%= YAML.load_file("hosts.yml")["web"].join(",") %>') == "a,b"
    assert project.render('<%= YAML.load_file("hosts.yml", aliases: true)["port"] %>') == "80"
    text = '<%= YAML.safe_load_file("hosts.yml", symbolize_names: true).dig(:more, :n) %>'
    assert project.render(text) == "1"
    assert project.render('<%= JSON.parse(File.read("app.json")).fetch("version") %>') == "1.2"


def test_what_is_no_yaml_or_json_is_an_error_that_can_be_rescued(project):
    project.write("bad.yml", "a: !ruby/object:File {}\n")
    assert "not plain YAML" in project.error('<%= YAML.load_file("bad.yml") %>')
    assert "not valid JSON" in project.error('<%= JSON.parse("{") %>')
    assert project.render('<%= JSON.parse("{") rescue "none" %>') == "none"


def test_templates_can_be_read_from_files(project):
    project.write("ssh.yml", "user: <%= @user %>\n")
    text = '<% @user = "deploy" %>ssh:\n  <%= ERB.new(File.read("ssh.yml")).result %>'
    assert project.render(text) == "ssh:\n  user: deploy\n"


def test_now_is_now(project):
    assert project.render("<%= Time.now.utc.strftime('%Y%m%d') %>").isdecimal()
