#!/usr/bin/env bash
# Escreve na saída padrão uma cópia do banco, que restaura.sh lê.
exec pg_dump --format=custom --username="$POSTGRES_USER" "$POSTGRES_DB"
