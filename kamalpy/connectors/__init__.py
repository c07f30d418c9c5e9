"""The connector ``@kamal``: hosts of a deploy.yml for pyinfra."""
