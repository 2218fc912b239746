#!/bin/sh
# Dumps the databases, Temporal's first: a workflow older than the ledger catches up from it, never the reverse.
set -eu
umask 077
if [ -r "${SECRETS:-/run/secrets}/postgres_password" ]; then
    PGPASSWORD="$(cat "${SECRETS:-/run/secrets}/postgres_password")"
    export PGPASSWORD
fi
folder="$BACKUPS/$(date +%Y%m%d-%H%M%S)"
mkdir "$folder.part"
cd "$folder.part"
for database in ${DATABASES:-temporal temporal_visibility ledger}; do
    pg_dump --format=custom --dbname="$database" --file="$database.dump"
done
sha256sum -- *.dump >SHA256SUMS
sync
mv "$folder.part" "$folder"
echo "$folder"
