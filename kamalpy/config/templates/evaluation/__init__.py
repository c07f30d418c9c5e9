"""Ruby's values, and what evaluates a syntax tree to them."""
