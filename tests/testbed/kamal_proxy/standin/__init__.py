"""A stand-in for kamal-proxy v0.9.2, for tests: the same answers, none of its code."""

STANDS_IN_FOR = "v0.9.2"
