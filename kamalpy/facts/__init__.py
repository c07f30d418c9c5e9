"""What is true on a host."""
