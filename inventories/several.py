# Two destinations in one run, for what concerns all servers alike.
hosts = ["@kamal/production", "@kamal/staging"]
