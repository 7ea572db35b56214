#!/bin/sh
# Constrói a página do painel em panel/web/out.
set -eu

. panel/web/node.sh
echo "Construindo a página do painel (cerca de um minuto; só quando ela muda)…" >&2
cd panel/web
npm ci --silent
NEXT_TELEMETRY_DISABLED=1 npm run --silent build > /dev/null
touch out
