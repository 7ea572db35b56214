#!/usr/bin/env bash
# Roda sienge.cmd no cmd do Wine, com um docker.exe de mentira: make test-windows (como root instala o
# Wine e um compilador). O PowerShell chama o mesmo cmd.
set -euo pipefail
cd "$(dirname "$0")/../.."
if ! command -v wine > /dev/null || ! command -v x86_64-w64-mingw32-gcc > /dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    wine wine64 gcc-mingw-w64-x86-64-win32 > /dev/null
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sed 's/\r*$/\r/' sienge.cmd > "$work/sienge.cmd"
x86_64-w64-mingw32-gcc tests/windows/docker.c -o "$work/docker.exe"
cd "$work"
export WINEDEBUG=-all WINEPREFIX="$work/wine"

expect() { # expect CODE TEXT ARGUMENTS…
  code=$1 text=$2
  shift 2
  said=$(wine cmd /c sienge.cmd "$@" 2> /dev/null | tr -d '\r') && found=0 || found=$?
  [ "$found" = "$code" ] && [[ "$said" == *"$text"* ]] ||
    { echo "sienge $*: código $found em vez de $code; disse: $said" >&2; exit 1; }
}

expect 0 "sienge restore"
expect 2 "sienge restore" outra
expect 1 "Falta o arquivo .env" up
FAIL=ambiente expect 1 "" env
[ ! -e .env ] && [ ! -e .env.part ]
expect 0 "Arquivo .env escrito" env
printf '# com ç\nPANEL_PASSWORD=abc\n' | cmp - .env
expect 0 "foi mantido" env
expect 0 "" up
FAIL=confere expect 1 "" up
expect 0 "" sync
FAIL=sincroniza expect 3 "" sync
expect 0 "Banco gravado" backup
printf 'PG\0\n\r\n\x1a\xff' | cmp - backups/sienge-2026-11-28-100000.dump
expect 1 "Diga o arquivo" restore nada
expect 0 "" restore 'backups\sienge-2026-11-28-100000.dump'
FAIL=restaura expect 3 "" restore 'backups\sienge-2026-11-28-100000.dump'
FAIL=copia expect 1 "" backup
[ "$(ls backups)" = sienge-2026-11-28-100000.dump ]
expect 0 "" down
diff - calls.log <<'CALLS'
run --rm tap-sienge:local ambiente
run --rm tap-sienge:local ambiente
compose run --rm --no-deps -T --entrypoint bash db /docker/senhas.sh
compose run --rm --no-deps -T panel sienge-panel confere
compose up -d
compose run --rm --no-deps -T --entrypoint bash db /docker/senhas.sh
compose run --rm --no-deps -T panel sienge-panel confere
compose exec -T sync sienge sincroniza
compose exec -T sync sienge sincroniza
compose exec -T db date +%Y-%m-%d-%H%M%S
compose exec -T db bash /docker/copia.sh
compose stop sync panel
compose exec -T db bash /docker/restaura.sh
50 47 00 0a 0d 0a 1a ff 
compose start sync panel
compose stop sync panel
compose exec -T db bash /docker/restaura.sh
50 47 00 0a 0d 0a 1a ff 
compose start sync panel
compose exec -T db date +%Y-%m-%d-%H%M%S
compose exec -T db bash /docker/copia.sh
compose down
CALLS
echo "sienge.cmd: tudo certo"
