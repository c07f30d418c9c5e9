"""The part of Ruby that people write in deploy.yml: tokens, a tree, and what it means."""
