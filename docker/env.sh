#!/bin/sh
# Escreve o arquivo .env a partir de .env.example, com senhas sorteadas. Nunca altera um que existe.
#   sh docker/env.sh         para o seu Sienge
#   sh docker/env.sh demo    para experimentar com o Sienge simulado
# Com `mostra` antes, só o mostra: é como a imagem, que não alcança a pasta, o dá (docs/instalacao.md).
set -eu
cd "$(dirname "$0")/.."

# Uma chave do Fernet: 32 bytes em base64, na variante para endereços.
key() { head -c 32 /dev/urandom | base64 | tr '+/' '-_'; }
random() { od -An -N18 -tx1 /dev/urandom | tr -d ' \n'; }
fill() { # fill [demo]
  while IFS= read -r line; do
    case $line in
      '# '*=CHAVE) line=${line#'# '} && echo "${line%CHAVE}$(key)" ;;
      '# '*=SORTEADA) line=${line#'# '} && echo "${line%SORTEADA}$(random)" ;;
      '#demo '*) [ "${1:-}" = demo ] && echo "${line#'#demo '}" || true ;;
      *) printf '%s\n' "$line" ;;
    esac
  done < .env.example
}

if [ "${1:-}" = mostra ]; then
  fill "${2:-}"
  exit
fi
if [ -e .env ]; then
  echo "O arquivo .env já existe e não foi alterado." >&2
  exit 0
fi
umask 077
fill "${1:-}" > .env.part
mv .env.part .env
echo "Arquivo .env escrito, com senhas sorteadas. Só este usuário pode lê-lo: guarde uma cópia em lugar seguro."
echo "Agora rode make up e abra o painel em http://127.0.0.1:3000, com a senha que está no .env, em PANEL_PASSWORD."
[ "${1:-}" = demo ] || echo "As credenciais do Sienge são informadas nele, ou aqui no .env, nas três linhas TAP_SIENGE_…."
