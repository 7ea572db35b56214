#!/usr/bin/env bash
# Restaura na entrada padrão uma cópia de `make backup`. O banco atual só sai do lugar depois que a
# cópia foi lida inteira, e continua guardado como <banco>_anterior.
set -euo pipefail

sql() { psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=postgres "$@"; }
new=${POSTGRES_DB}_novo old=${POSTGRES_DB}_anterior

sql --command="drop database if exists $new" --command="create database $new template template0" 2> /dev/null
pg_restore --exit-on-error --username="$POSTGRES_USER" --dbname="$new"
sql <<SQL
set client_min_messages = warning;
drop database if exists $old with (force);
alter database $POSTGRES_DB allow_connections false;
select pg_terminate_backend(pid) from pg_stat_activity where datname = '$POSTGRES_DB' \g /dev/null
alter database $POSTGRES_DB rename to $old;
alter database $new rename to $POSTGRES_DB;
SQL
psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" \
  --file=/docker/papeis.sql
