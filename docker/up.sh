#!/bin/sh
# Constrói e inicia tudo, ou aplica o que mudou: sh docker/up.sh docker compose
# Uma senha que o banco ou o painel recusaria é dita aqui, e não por um contêiner que reinicia sem parar.
set -eu
"$@" build
"$@" run --rm --no-deps -T --entrypoint bash db /docker/senhas.sh
"$@" run --rm --no-deps -T panel sienge-panel confere
"$@" up -d
