# The hosts of config/deploy.yml with config/deploy.staging.yml over it.
hosts = ["@kamal/staging"]
