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
    ('ENV.values_at("HOST", "UNSET")', '["example.com", nil]'),
    ('ENV.slice("PORT")', '{"PORT"=>"80"}'),
    ('(ENV["NEW"] ||= "1"; ENV["NEW"])', "1"),
    ('"#{ENV["HOST"]}:#{ENV["PORT"]}"', "example.com:80"),
]
STRINGS = [
    ('"a" + "b" * 2', "abb"),
    ("'single #{quotes}\\n'", "single #{quotes}\\n"),
    ('"double \\"quotes\\"\\t\\u00e9\\x41\\e".inspect', '"double \\"quotes\\"\\téA\\e"'),
    ("%q(a (nested) b) + %Q(#{1 + 1}) + %(c)", "a (nested) b2c"),
    ('" x ".strip + "|" + " x ".lstrip + "|" + " x ".rstrip', "x|x | x"),
    ('"v1.2\\n".chomp + "v1.2".delete_prefix("v")', "v1.21.2"),
    (
        '"Hello World".upcase + "Hello".downcase + "hello".capitalize + "aB".swapcase',
        "HELLO WORLDhelloHelloAb",
    ),
    ('"feature/My Branch".parameterize', "feature-my-branch"),
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
    ('"hello".tr("el", "ip") + "hello".tr("a-y", "b-z") + "hello".delete("l")', "hippoifmmpheo"),
    ('"aabb".squeeze + "hello".count("l").to_s', "ab2"),
    ('"hello".start_with?("he") && "hello".end_with?("x", "lo")', "true"),
    ('"hello".include?("ell") && !"hello".empty?', "true"),
    ('"hello".index("l").to_s + "hello".reverse + "hello".length.to_s', "2olleh5"),
    ('"hello" =~ /l+/', "2"),
    ('"hello".match(/(?<two>l+)/)[:two]', "ll"),
    ('"a=1;b=2".scan(/(\\w)=(\\d)/)', '[["a", "1"], ["b", "2"]]'),
    ('"HOST".match?(/host/i)', "true"),
    ('"7".rjust(3, "0") + "a".ljust(3, ".") + "a".center(5, "*")', "007a..**a**"),
    ('"%05.1f|%-4s|%04d|%x|%s" % [3.14159, "a", 42, 255, nil]', "003.1|a   |0042|ff|"),
    ('"%{host}:%<port>05d" % { host: "a", port: 80 }', "a:00080"),
    ('format("%03d", 7)', "007"),
    ('"12abc".to_i + "1.5".to_f', "13.5"),
    ('"key: value".partition(": ").last', "value"),
    ('"abc" <=> "abd"', "-1"),
    ('"one\\ntwo\\n".lines.map(&:chomp)', '["one", "two"]'),
]
NUMBERS = [
    ("7 / 2", "3"),
    ("-7 / 2", "-4"),
    ("-7 % 3", "2"),
    ("7.0 / 2", "3.5"),
    ("2 ** 10", "1024"),
    ("10.divmod(3)", "[3, 1]"),
    ("0.1 + 0.2", "0.30000000000000004"),
    ("1e20", "1.0e+20"),
    ("100.0", "100.0"),
    ("2.675.round(2)", "2.68"),
    ("2.5.round", "3"),
    ("1234.round(-2)", "1200"),
    ("1.5.floor + 1.2.ceil", "3"),
    ("255.to_s(16)", "ff"),
    ("15.clamp(1, 10)", "10"),
    ("3.times.to_a", "[0, 1, 2]"),
    ("1_000 + 0x1F + 0b11 + 0o17", "1049"),
    ('Integer("42") + Float("1.5").to_i', "43"),
    ("5.between?(1, 10)", "true"),
    ("-5.abs", "5"),
]
ARRAYS = [
    ("[3, 1, 2].sort", "[1, 2, 3]"),
    ("[3, 1, 2].max", "3"),
    ("[1, 2, 3].sum", "6"),
    ('%w[b a].sort.join(", ")', "a, b"),
    ("[1, [2, [3]]].flatten", "[1, 2, 3]"),
    ("[nil, 1, nil].compact", "[1]"),
    ("%w[a b a].uniq", '["a", "b"]'),
    ("%w[a b a].tally", '{"a"=>2, "b"=>1}'),
    ("%w[a b c].first + %w[a b c].last", "ac"),
    ("%w[a b c][1..]", '["b", "c"]'),
    ("%w[a b c][-1]", "c"),
    ('%w[a b].include?("b")', "true"),
    ("[1, 2, 3].select(&:odd?)", "[1, 3]"),
    ("[1, 2, 3].reject(&:odd?)", "[2]"),
    ("[1, 2, 3].partition { |n| n > 1 }", "[[2, 3], [1]]"),
    ("[1, 2, 3].map { |n| n * 2 }", "[2, 4, 6]"),
    ("[1, 2, 3].map.with_index(1) { |n, i| n * i }", "[1, 4, 9]"),
    ('%w[a b].each_with_index.map { |name, i| "#{i}:#{name}" }', '["0:a", "1:b"]'),
    ("%w[a b].each_with_object({}) { |name, all| all[name] = 1 }", '{"a"=>1, "b"=>1}'),
    ("[1, 2, 3, 4].each_slice(2).to_a", "[[1, 2], [3, 4]]"),
    ("[[1, 2], [3, 4]].map { |a, b| a + b }", "[3, 7]"),
    ("%w[a b].zip([1, 2]).to_h", '{"a"=>1, "b"=>2}'),
    ("[1, 2, 3].inject(:+)", "6"),
    ("[1, 2, 3].find { |n| n > 1 }", "2"),
    ("[1, 2, 3].any? { |n| n > 2 }", "true"),
    ("[1, 2, 3].group_by(&:odd?)", "{true=>[1, 3], false=>[2]}"),
    ("[1, 2] + [3] - [1]", "[2, 3]"),
    ("[1, 2] | [2, 3]", "[1, 2, 3]"),
    ("[1, 2] & [2, 3]", "[2]"),
    ("[*1..3, *[4]]", "[1, 2, 3, 4]"),
    ('["", nil, "a"].compact_blank', '["a"]'),
    ("%w[a b c].to_sentence", "a, b, and c"),
    ("(a = [1]; a << 2; a.push(3); a)", "[1, 2, 3]"),
    ("(first, *rest = [1, 2, 3]; rest)", "[2, 3]"),
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
    ('{ "a" => 1 }.transform_values { |value| value + 1 }', '{"a"=>2}'),
    ("{ a: 1 }.key?(:a)", "true"),
    ("{ a: 1 }.keys + { a: 1 }.values", "[:a, 1]"),
    ("{ a: 1, b: 2 }.sort_by { |key, value| -value }.first", "[:b, 2]"),
    ("{ a: 1 }.to_a", "[[:a, 1]]"),
    ("(h = Hash.new(0); h[:a] += 1; h)", "{:a=>1}"),
]
DECISIONS = [
    ("true && false || true", "true"),
    ("!nil", "true"),
    ('nil || "x"', "x"),
    ("(not true)", "false"),
    ("1 == 1.0", "true"),
    ('"1" == 1', "false"),
    ("nil.to_s + nil.to_a.inspect + nil.inspect", "[]nil"),
    ('if ENV["HOST"] then "a" else "b" end', "a"),
    ('(x = 5 unless ENV["HOST"]; x.inspect)', "nil"),
    ('case ENV["PORT"] when "80", "8080" then "http" when /^4/ then "tls" end', "http"),
    ('case 5 when 1..3 then "low" when 4.. then "high" end', "high"),
    ('case 1 when String then "text" when Integer then "number" end', "number"),
    ('(begin; raise "no"; rescue => error; error.message; end)', "no"),
    (
        '(begin; ENV.fetch("UNSET"); rescue KeyError => error; error.message; end)',
        'key not found: "UNSET"',
    ),
    ('(Integer("x") rescue 0)', "0"),
    ("(begin; 1; ensure; 2; end)", "1"),
    ("[1, 2, 3].each { |n| break n * 10 if n == 2 }", "20"),
    ("(def port(base, offset = 1) = base + offset; port(80))", "81"),
    ("(def twice; yield(1) + yield(2); end; twice { |n| n * 10 })", "30"),
    ("->(n) { n * 2 }.call(3)", "6"),
    ("defined?(String) && !defined?(unknown)", "true"),
    ('(1..3).to_a.inspect + ("a".."c").to_a.join', "[1, 2, 3]abc"),
    (":name.to_s + :name.inspect", "name:name"),
    ("RUBY_ENGINE", "ruby"),
    ("__dir__", "."),
    ("[__FILE__, __method__]", '["(erb)", nil]'),
    ('URI.parse("https://deploy@example.com:8443/up?x=1").host', "example.com"),
    ('URI("https://example.com").port', "443"),
    ('Time.at(0).utc.strftime("%Y%m%d%H%M%S")', "19700101000000"),
    ('File.join("config", "deploy.yml")', "config/deploy.yml"),
    ('File.basename("/a/b.rb", ".rb") + File.extname("b.rb") + File.dirname("/a/b")', "b.rb/a"),
    ('ERB.new("<%%= 1 + 1 %%>").result', "<%= 1 + 1 %>"),
]


@pytest.mark.parametrize(
    ("expression", "expected"),
    VARIABLES + STRINGS + NUMBERS + ARRAYS + HASHES + DECISIONS,
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
    assert project.render('<%= File.read(File.join(__dir__, ".ruby-version")) %>') == "3.4.4\n"
    assert project.render('<%= File.readlines("config/hosts", chomp: true) %>') == '["a", "b"]'
    assert project.render('<%= File.exist?("nope") || File.file?("config/hosts") %>') == "true"
    assert project.render('<%= File.exist?("config") && Dir.exist?("config") %>') == "true"
    assert project.render("<%= Dir.pwd %>") == str(project.root)
    assert project.render('<%= File.expand_path("../x") %>') == str(project.root.parent / "x")


def test_templates_can_be_read_from_files(project):
    project.write("ssh.yml", "user: <%= @user %>\n")
    text = '<% @user = "deploy" %>ssh:\n  <%= ERB.new(File.read("ssh.yml")).result %>'
    assert project.render(text) == "ssh:\n  user: deploy\n"


def test_now_is_now(project):
    assert project.render(
        "<%= Time.now.year >= 2024 && Time.now.strftime('%Y').to_i %>"
    ).isdecimal()
