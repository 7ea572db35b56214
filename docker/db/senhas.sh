#!/usr/bin/env bash
# Lê as senhas que vêm de arquivos e recusa as fracas.
set -euo pipefail

for role in POSTGRES CARGA LEITURA ASSISTENTE; do
  name=${role}_PASSWORD file=${role}_PASSWORD_FILE
  if [ -n "${!file:-}" ]; then
    export "$name=$(<"${!file}")"
    unset "$file"
  fi
  case ${!name:-} in
    '') [ "$role" != ASSISTENTE ] || continue # sem ela, ninguém entra com esse papel
      problem="está vazia" ;;
    *senha-do-banco* | *changeme* | *postgres* | *password* | 123456*) problem="é conhecida de todos" ;;
    ????????????*) continue ;;
    *) problem="tem menos de 12 caracteres" ;;
  esac
  echo "A senha $name $problem: o banco não inicia assim. Troque-a no arquivo .env." >&2
  exit 1
done
