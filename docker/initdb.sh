#!/bin/sh
# The first start of PostgreSQL: a role and databases for Temporal; for the ledger a database, its owner's role, and the office's.
set -eu
export SECRETS="${SECRETS:-/run/secrets}"
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\set temporal_password `cat "$SECRETS/temporal_password"`
\set ledger_password `cat "$SECRETS/ledger_password"`
\set ledger_app_password `cat "$SECRETS/ledger_app_password"`
CREATE ROLE temporal LOGIN PASSWORD :'temporal_password';
CREATE ROLE ledger LOGIN PASSWORD :'ledger_password';
CREATE ROLE ledger_app LOGIN PASSWORD :'ledger_app_password';
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
CREATE DATABASE ledger OWNER ledger;
REVOKE CONNECT ON DATABASE temporal, temporal_visibility, ledger FROM PUBLIC;
GRANT CONNECT ON DATABASE ledger TO ledger_app;
SQL
