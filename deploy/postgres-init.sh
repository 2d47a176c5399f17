#!/bin/sh
# Runs once, in the PostgreSQL container, with an empty data folder. The server's own role makes the roles of the application
# and is no superuser.
set -eu
psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --set=password="$ARCHWIRE_DATABASE_PASSWORD" <<'SQL'
create role archwire login createrole password :'password';
create database archwire owner archwire;
SQL
