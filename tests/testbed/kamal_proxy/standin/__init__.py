"""
A stand-in for kamal-proxy v0.9.2, with none of its code. Purpose: real traffic through a deploy.

It serves where the real image cannot be pulled, and passes the same contract as the real one.
"""

STANDS_IN_FOR = "v0.9.2"
