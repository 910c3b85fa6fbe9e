#!/bin/bash
# Runs once, when the database server is made: a database and a user for each service, who sees
# nothing of the other's. Passwords come from files and appear in no log.
set -euo pipefail

for service in enrollment vetting; do
  psql --quiet --set ON_ERROR_STOP=1 --username postgres \
    --set service="$service" \
    --set password="$(< "/run/secrets/$service-database-password")" <<'SQL'
CREATE ROLE :"service" LOGIN PASSWORD :'password';
CREATE DATABASE :"service" OWNER :"service";
REVOKE ALL ON DATABASE :"service" FROM PUBLIC;
SQL
done
psql --quiet --username postgres --command 'REVOKE CONNECT ON DATABASE postgres FROM PUBLIC'
