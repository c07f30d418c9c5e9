"""ERB without Ruby: the part of Ruby that people write in deploy.yml."""
