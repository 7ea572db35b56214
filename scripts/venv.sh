#!/bin/sh
# Faz .venv com um Python da máquina e põe nele o uv de requirements.lock. Onde nenhum Python serve,
# o uv traz um, que fica em .python.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sed -n '/^uv==/,/[^\\]$/p' requirements.lock > "$work/uv.txt"
pip() { "$@" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$work/uv.txt"; }

serves='import ensurepip, sys, venv; sys.exit(not (3, 10) <= sys.version_info < (3, 15))'
for python in python3 python3.14 python3.13 python3.12 python3.11 python3.10; do
  if "$python" -c "$serves" 2> /dev/null; then
    echo "Instalando em .venv e .meltano (só na primeira vez)…" >&2
    "$python" -m venv --clear .venv
    pip .venv/bin/python
    exit
  fi
done

echo "Nenhum Python desta máquina serve: trazendo o 3.13 com o uv (só na primeira vez)…" >&2
installer=https://astral.sh/uv/install.sh
if command -v uv > /dev/null; then
  uv=uv
elif python3 -m venv "$work/velho" 2> /dev/null && pip "$work/velho/bin/python" 2> /dev/null; then
  uv=$work/velho/bin/uv # de um Python antigo demais para o projeto, mas não para o uv
else
  { curl -LsSf "$installer" || wget -qO- "$installer"; } 2> /dev/null |
    UV_UNMANAGED_INSTALL=$work sh > /dev/null 2>&1 || true
  uv=$work/uv
fi
export UV_PYTHON_DOWNLOADS=automatic UV_PYTHON_INSTALL_DIR="$PWD/.python"
command -v "$uv" > /dev/null &&
  "$uv" venv --quiet --clear --managed-python --python 3.13 .venv &&
  "$uv" pip install --quiet --python .venv --require-hashes -r "$work/uv.txt" || {
  echo "O uv não conseguiu trazer um Python. Instale o Python 3.10 a 3.14 com o módulo venv (no Debian e no Ubuntu: apt install python3 python3-venv) e repita o comando." >&2
  exit 1
}
echo "Instalando em .venv e .meltano…" >&2
