# The hosts of config/deploy.yml: groups are kamal, every role, accessory_NAME, proxy, primary.
hosts = ["@kamal/config/deploy.yml"]
