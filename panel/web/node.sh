# Põe um Node.js no PATH de quem o lê com «. panel/web/node.sh»: o da máquina ou, onde ele falta ou é antigo, um que
# vem do PyPI e fica em .meltano/node.
if ! { command -v npm && node --eval 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)'; } > /dev/null 2>&1; then
  node=$PWD/.meltano/node
  if [ ! -e "$node/.installed" ]; then
    echo "Trazendo o Node.js para a página do painel (só na primeira vez)…" >&2
    .venv/bin/uv venv --quiet --clear --python .venv/bin/python "$node"
    .venv/bin/uv pip install --quiet --python "$node" --require-hashes -r panel/web/node.txt
    touch "$node/.installed"
  fi
  PATH=$node/bin:$PATH
fi
