"""What is true on a host; ``kamalpy.facts.observe.observe`` reads it, typed."""
