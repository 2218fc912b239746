#!/bin/sh
# Temporal's own tables, made at first and brought up to date afterwards.
set -eu
SQL_PASSWORD="$(cat /run/secrets/temporal_password)"
export SQL_PASSWORD
for pair in temporal:temporal visibility:temporal_visibility; do
    schema="/etc/temporal/schema/postgresql/v12/${pair%%:*}/versioned"
    tool="temporal-sql-tool --plugin postgres12 --endpoint postgres --port 5432 --user temporal --database ${pair##*:}"
    $tool setup-schema --version 0.0
    $tool update-schema --schema-dir "$schema"
done
