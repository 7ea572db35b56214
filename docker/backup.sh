#!/bin/sh
# Grava uma cópia do banco em backups/: sh docker/backup.sh docker compose
set -eu
umask 077
mkdir -p backups
file=backups/sienge-$(date +%Y-%m-%d-%H%M%S).dump
trap 'rm -f "$file.part"' EXIT
"$@" exec -T db bash /docker/copia.sh > "$file.part"
mv "$file.part" "$file"
echo "Cópia gravada em $file"
