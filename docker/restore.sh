#!/bin/sh
# Volta o banco a uma cópia de backups/: sh docker/restore.sh backups/… docker compose
set -eu
file=$1
shift
if [ ! -r "$file" ]; then
  echo "Diga a cópia: make restore FILE=backups/sienge-….dump" >&2
  exit 1
fi
# Nada pode ler ou gravar enquanto o banco troca de lugar.
"$@" stop sync panel
trap '"$@" start sync panel' EXIT
"$@" exec -T db bash /docker/restaura.sh < "$file"
