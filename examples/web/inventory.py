hosts = ["@kamal/config/deploy.yml"]
