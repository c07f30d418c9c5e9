#!/bin/bash
# Makes a cluster, a role and a database on the first start, then becomes the server.
# Reads POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB (each also as NAME_FILE) and
# POSTGRES_INITDB_ARGS; runs *.sql and *.sh of /docker-entrypoint-initdb.d.
set -euo pipefail

from_file() { # NAME: what only root may read is read before root is left
  local file="$1_FILE"
  if [ -n "${!file:-}" ]; then
    export "$1=$(cat "${!file}")"
    unset "$file"
  fi
}

make_cluster() {
  local user password database
  user=${POSTGRES_USER:-postgres}
  password=${POSTGRES_PASSWORD:-}
  database=${POSTGRES_DB:-$user}
  if [ -z "$password" ]; then
    echo 'Error: Database is uninitialized and superuser password is not specified.' >&2
    echo '       You must specify POSTGRES_PASSWORD to a non-empty value.' >&2
    exit 1
  fi
  # shellcheck disable=SC2086 # a list of options
  initdb --username="$user" --pwfile=<(printf '%s\n' "$password") \
    --auth-host=scram-sha-256 --auth-local=trust ${POSTGRES_INITDB_ARGS:-}
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  pg_ctl --options="-c listen_addresses=''" --wait start
  if [ "$database" != postgres ]; then
    createdb --username="$user" --maintenance-db=postgres "$database"
  fi
  run_init_files "$user" "$database"
  pg_ctl --mode=fast --wait stop
  printf '\nPostgreSQL init process complete; ready for start up.\n\n'
}

run_init_files() { # USER DATABASE
  local file
  for file in /docker-entrypoint-initdb.d/*; do
    case $file in
      *.sql) psql --set ON_ERROR_STOP=1 --username="$1" --dbname="$2" --file="$file" ;;
      *.sh) bash "$file" ;;
    esac
  done
}

if [ "${1:0:1}" = - ]; then
  set -- postgres "$@"
fi
if [ "${1:-}" = postgres ]; then
  for each in POSTGRES_USER POSTGRES_PASSWORD POSTGRES_DB; do
    from_file "$each"
  done
  if [ "$(id -u)" = 0 ]; then
    mkdir -p "$PGDATA" /var/run/postgresql
    find "$PGDATA" /var/run/postgresql \! -user postgres -exec chown postgres:postgres '{}' +
    chmod 700 "$PGDATA"
    exec gosu postgres "$0" "$@"
  fi
  if [ ! -s "$PGDATA/PG_VERSION" ]; then
    make_cluster
  fi
  shift
  set -- postgres -c listen_addresses='*' "$@"
fi
exec "$@"
