"""Runs a tree: what it says happens to values of ours, and to nothing else."""
