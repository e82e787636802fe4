#!/bin/sh
# The database's password is made at the first start and lives in a volume, in no image, no
# environment file and no repository; it joins DATABASE_URL only here, as the process starts.
set -eu
if [ -n "${DATABASE_PASSWORD_FILE:-}" ]; then
  DATABASE_URL="${DATABASE_URL%%@*}:$(cat "$DATABASE_PASSWORD_FILE")@${DATABASE_URL#*@}"
  export DATABASE_URL
fi
exec "$@"
