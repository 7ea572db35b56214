#!/usr/bin/env bash
# Restaura da entrada padrão uma cópia de `make backup`. O banco atual só sai do lugar depois que a
# cópia foi lida inteira, e continua guardado como <banco>_antes_<data e hora>: nunca é apagado aqui.
set -euo pipefail

sql() { psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=postgres "$@"; }
new=${POSTGRES_DB}_novo old=${POSTGRES_DB}_antes_$(date +%Y%m%d_%H%M%S)

sql --command="drop database if exists $new" --command="create database $new template template0" 2> /dev/null
pg_restore --exit-on-error --username="$POSTGRES_USER" --dbname="$new"
sql --command="alter database $POSTGRES_DB allow_connections false"
trap 'sql --command="alter database $POSTGRES_DB allow_connections true"' ERR
sql <<SQL
select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = '$POSTGRES_DB' \g /dev/null
begin;
alter database $POSTGRES_DB rename to $old;
alter database $new rename to $POSTGRES_DB;
commit;
SQL
trap - ERR
psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" \
  --file=/docker/papeis.sql
echo "Banco restaurado. O de antes continua guardado como $old (docs/operacao.md)."
