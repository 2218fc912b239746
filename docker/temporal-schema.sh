#!/bin/sh
# Temporal's own tables, made at first and brought up to date afterwards. The tool reads SQL_* from the environment.
set -eu
SQL_PASSWORD="$(cat "${SECRETS:-/run/secrets}/temporal_password")"
export SQL_PASSWORD
for pair in temporal:temporal visibility:temporal_visibility; do
    SQL_DATABASE="${pair##*:}"
    export SQL_DATABASE
    temporal-sql-tool setup-schema --version 0.0
    temporal-sql-tool update-schema --schema-name "postgresql/v12/${pair%%:*}"
done
