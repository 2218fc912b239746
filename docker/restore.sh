#!/bin/sh
# restore.sh FOLDER [DATABASE...]: brings dumps back into databases that exist and are empty; touches nothing else.
set -eu
if [ -r "${SECRETS:-/run/secrets}/postgres_password" ]; then
    PGPASSWORD="$(cat "${SECRETS:-/run/secrets}/postgres_password")"
    export PGPASSWORD
fi
cd "$1"
shift
sha256sum --check --quiet SHA256SUMS
[ $# -gt 0 ] || set -- ${DATABASES:-temporal temporal_visibility ledger}
for database in "$@"; do
    tables="$(psql --no-psqlrc --tuples-only --no-align --dbname="${TARGET:-$database}" \
        --command="SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')")"
    if [ "$tables" != 0 ]; then
        echo "${TARGET:-$database} is not empty" >&2
        exit 1
    fi
    pg_restore --exit-on-error --single-transaction --dbname="${TARGET:-$database}" "$database.dump"
done
