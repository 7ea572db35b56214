#!/bin/sh
# O que um usuário novo faz, na máquina que tests/fresh/run.sh preparou.
set -eu

if [ "$CASE" = sem-python ]; then
  if ! said=$(make install 2>&1); then
    # Onde a rede não deixa trazer um Python, uma frase diz o que instalar.
    case $said in
      *"Instale o Python 3.10 a 3.14 com o módulo venv"*) echo "a rede não deu um Python, e isso foi dito"; exit ;;
    esac
    echo "$said"
    exit 1
  fi
fi

make demo | tee demo.txt
grep -q '^total' demo.txt
make build
.venv/bin/python --version

: > panel.txt
make panel > panel.txt 2>&1 &
panel=$!
for _ in $(seq 300); do
  url=$(sed -n 's/^Painel em //p' panel.txt)
  if [ -n "$url" ] && .venv/bin/python - "$url" 2> /dev/null <<'PYTHON'
import sys, urllib.request
page = urllib.request.urlopen(sys.argv[1], timeout=5).read().decode()
assert "<title>" in page and "/_next/" in page, page[:500]
PYTHON
  then shown=yes; break; fi
  kill -0 $panel 2> /dev/null || break
  sleep 1
done
cat panel.txt
[ "${shown:-}" = yes ]
grep -q "Construindo a página do painel" panel.txt
kill $panel
make test ARGS="${FRESH_TESTS:-tests/test_meltano.py tests/test_transform.py}"
make stop
