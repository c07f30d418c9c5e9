"""Commands that look at servers and change nothing; importing a module here brings pyinfra in."""
