# Renders a template given as JSON on standard input, and answers in JSON.
# Kamal loads ActiveSupport; without that gem, the methods that templates use are defined here.
require "erb"
require "json"
require "uri"
begin
  require "active_support"
  require "active_support/core_ext/object"
  require "active_support/core_ext/hash"
  require "active_support/core_ext/enumerable"
  require "active_support/core_ext/string/inflections"
rescue LoadError
  class Object
    def blank? = respond_to?(:empty?) ? !!empty? : !self
    def present? = !blank?
    def presence = (self if present?)
  end
  class String
    def blank? = strip.empty?
  end
end
answer = $stdout.dup
$stdout.reopen($stderr)
given = JSON.parse($stdin.read)
begin
  template = ERB.new(given["text"], trim_mode: given["trim"])
  template.filename = "(template)"
  result = { text: template.result.force_encoding("UTF-8").scrub, environ: ENV.to_h }
rescue SystemExit, StandardError, ScriptError => error
  places = [error.message, *error.backtrace]
  line = places.filter_map { |place| place[/\(template\):(\d+)/, 1] }.first
  result = { kind: error.class.name, what: error.message.lines.first.to_s.scrub, line: line&.to_i }
end
answer.write(JSON.generate(result))
answer.flush
exit! 0
