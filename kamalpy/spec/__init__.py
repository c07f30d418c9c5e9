"""What should be on a host, as pure data, and how it differs from what is."""
