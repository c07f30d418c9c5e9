"""Commands that read servers and change nothing; importing a module here imports pyinfra."""
