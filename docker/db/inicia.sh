#!/usr/bin/env bash
# Entrada do contêiner `db`: recusa senhas fracas, prepara o TLS e, a cada início, papéis e esquemas.
set -euo pipefail

volume=/var/lib/postgresql
creating=$volume/.criando

source /docker/senhas.sh

# Um banco cuja criação foi interrompida nunca chegou a ter dados: recomeça do zero.
[ ! -e "$creating" ] || rm -rf "$PGDATA"
[ -s "$PGDATA/PG_VERSION" ] || touch "$creating"

# Um certificado próprio serve para cifrar; docs/operacao.md diz como pôr o da empresa no lugar.
tls=$volume/tls
if [ ! -s "$tls/server.key" ]; then
  mkdir -p "$tls"
  (umask 077 && openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/CN=$(hostname)" \
    -keyout "$tls/server.key" -out "$tls/server.crt" 2> /dev/null)
fi

rm -f /tmp/pronto /var/run/postgresql/.s.PGSQL.*
prepare() {
  until pg_isready --quiet --host=127.0.0.1; do sleep 0.5; done
  psql --quiet --no-psqlrc --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" \
    --set=ON_ERROR_STOP=1 --file=/docker/papeis.sql
  rm -f "$creating"
  touch /tmp/pronto
  exec bash /docker/vigia.sh
}
# Filho do init, e não do PostgreSQL, que tomaria o fim de um filho desconhecido por uma queda.
(prepare &)

exec docker-entrypoint.sh "$@" \
  -c ssl=on -c ssl_cert_file="$tls/server.crt" -c ssl_key_file="$tls/server.key"
