"""The command line: what ``docker exec kamal-proxy kamal-proxy ...`` runs."""
