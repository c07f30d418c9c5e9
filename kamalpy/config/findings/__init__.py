"""What goes wrong on first deploys, found in deploy.yml and its folder: one kind a module."""
