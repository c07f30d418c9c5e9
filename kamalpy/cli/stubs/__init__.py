"""What ``init`` writes: files to be completed, and hooks to be renamed."""
