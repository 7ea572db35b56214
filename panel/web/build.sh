#!/bin/sh
# Constrói a página do painel em panel/web/out, com o Node.js da máquina ou, onde ele falta ou é antigo, com um
# que vem do PyPI e fica em .meltano/node.
set -eu

current='process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)'
if ! { command -v npm && node --eval "$current"; } > /dev/null 2>&1; then
  node=$PWD/.meltano/node
  if [ ! -e "$node/.installed" ]; then
    echo "Trazendo o Node.js para construir a página do painel (só na primeira vez)…" >&2
    .venv/bin/uv venv --quiet --clear --python .venv/bin/python "$node"
    .venv/bin/uv pip install --quiet --python "$node" --require-hashes -r panel/web/node.txt
    touch "$node/.installed"
  fi
  PATH=$node/bin:$PATH
fi
echo "Construindo a página do painel (cerca de um minuto; só quando ela muda)…" >&2
cd panel/web
npm ci --silent
NEXT_TELEMETRY_DISABLED=1 npm run --silent build > /dev/null
touch out
