"""Where pyinfra finds hosts: ``@kamal``."""
