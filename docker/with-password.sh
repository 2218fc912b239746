#!/bin/sh
# Runs a command with the ledger's password, which is kept in a file and in no image, address or compose file.
set -eu
PGPASSWORD="$(cat "${SECRETS:-/run/secrets}/ledger_password")"
export PGPASSWORD
exec "$@"
