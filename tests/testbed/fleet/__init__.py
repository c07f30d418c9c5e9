"""Servers on one Linux machine, with images and a registry, for tests to deploy to."""
