# The groups of config/deploy.yml, and one more of one's own.
from kamalpy.inventory import kamal

globals().update(kamal())
canary = web[:1]  # noqa: F821 - web is a role
