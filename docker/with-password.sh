#!/bin/sh
# Runs a command with the password of the role that the ledger's address names, which is kept in a file and in no image,
# address or compose file.
set -eu
role="${FENGQIAO_DATABASE_URL#*://}"
PGPASSWORD="$(cat "${SECRETS:-/run/secrets}/${role%%@*}_password")"
export PGPASSWORD
exec "$@"
