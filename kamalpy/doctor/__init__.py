"""Checks for what goes wrong on first deploys, one kind of finding a module."""
