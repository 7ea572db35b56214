#!/usr/bin/env bash
# O PostgreSQL deixa um papel mudar a própria senha e os próprios limites. Aqui, a cada minuto, os da leitura e do
# assistente voltam ao que papeis.sql diz, e uma consulta que passou do tempo por tê-los mudado é cancelada.
set -euo pipefail

sql() { psql --quiet --no-psqlrc --tuples-only --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" "$@"; }
state() {
  sql --command="select rolname, rolpassword, (
      select string_agg(setconfig::text, ' ' order by setdatabase) from pg_db_role_setting where setrole = oid
    ) from pg_authid where rolname in ('leitura', 'assistente') order by rolname"
}

before=$(state)
while sleep 60; do
  now=$(state) || continue # o banco está parando, ou sendo restaurado
  if [ "$now" != "$before" ]; then
    sql --file=/docker/papeis.sql || continue
    before=$(state)
  fi
  sql --output=/dev/null --command="select pg_cancel_backend(pid) from pg_stat_activity
    where usename in ('leitura', 'assistente') and state = 'active' and query_start < now() - interval '16 minutes'" || true
done
