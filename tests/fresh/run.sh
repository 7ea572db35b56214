#!/usr/bin/env bash
# Instala e usa o projeto em máquinas recém-instaladas, num chroot de cada Debian: make test-fresh
# (como root; ARGS="trixie forky" escolhe). Nelas há só python3, python3-venv, make e ca-certificates;
# em `sem-python`, um Python sem o módulo venv. A rede e os certificados são os desta máquina.
set -euo pipefail
cd "$(dirname "$0")/../.."
[ "$(id -u)" = 0 ] || { echo "É preciso ser root, para o debootstrap e o chroot." >&2; exit 1; }
command -v debootstrap > /dev/null || { echo "Falta o debootstrap: apt install debootstrap" >&2; exit 1; }

bases=${FRESH_DIR:-/var/tmp/tap-sienge-fresh}
mkdir -p "$bases"

base() { # base SUITE
  [ -e "$bases/$1/.ready" ] && return
  rm -rf "${bases:?}/$1"
  script=/usr/share/debootstrap/scripts/$1
  [ -e "$script" ] || script=/usr/share/debootstrap/scripts/sid # a suite mais nova que o debootstrap
  debootstrap --variant=minbase --include=python3,python3-venv,make,ca-certificates \
    "$1" "$bases/$1" "${DEBIAN_MIRROR:-http://deb.debian.org/debian}" "$script" > "$bases/$1.log"
  touch "$bases/$1/.ready"
}

leave() { # o que ficou em execução lá dentro, e o que foi montado
  for process in /proc/[0-9]*; do
    case $(readlink "$process/root" || true) in "$machine"*) kill -9 "${process#/proc/}" || true ;; esac
  done
  for place in dev/shm dev proc; do ! mountpoint -q "$machine/$place" || umount -l "$machine/$place"; done
  rm -rf --one-file-system "$machine"
}

try() { # try NAME SUITE
  base "$2"
  machine=$(mktemp -d "$bases/maquina.XXXXXX")
  trap leave EXIT
  cp -a "$bases/$2/." "$machine"
  chmod 755 "$machine"
  mount -t proc proc "$machine/proc"
  mount --bind /dev "$machine/dev"
  mount -t tmpfs shm "$machine/dev/shm"
  for file in /etc/resolv.conf /etc/hosts /etc/ssl/certs/ca-certificates.crt /etc/pip.conf; do
    [ ! -e "$file" ] || cp -L --remove-destination "$file" "$machine$file"
  done
  chroot "$machine" useradd --create-home ana
  project="$machine/home/ana/o projeto"
  mkdir "$project"
  git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$project"
  for file in .npmrc .config/pip/pip.conf .config/uv/uv.toml; do
    [ ! -e "$HOME/$file" ] || install -D "$HOME/$file" "$machine/home/ana/$file"
  done
  if [ "$1" = sem-python ]; then
    rm -r "$machine"/usr/lib/python3*/ensurepip
    cp "$(command -v uv || echo .venv/bin/uv)" "$machine/usr/bin/uv"
  fi
  chroot "$machine" chown -R ana: /home/ana
  # Nem o PATH nem um ambiente ativo daqui; só o que diz como chegar à rede.
  network=$(compgen -e | grep -E '^(PIP|UV|NPM|npm|NODE|SSL|REQUESTS|CURL)_|_(proxy|PROXY)$' || true)
  settings=()
  for name in $network; do settings+=("$name=${!name}"); done
  echo "== $1: $(chroot "$machine" python3 --version)"
  started=$SECONDS
  chroot "$machine" env -i HOME=/home/ana USER=ana LANG=C.UTF-8 PATH=/usr/bin:/bin "${settings[@]}" \
    CASE="$1" FRESH_TESTS="${FRESH_TESTS-}" \
    setpriv --reuid=ana --regid=ana --init-groups \
    sh -c 'cd "$HOME/o projeto" && exec sh tests/fresh/inside.sh'
  echo "== $1: passou em $((SECONDS - started)) s"
  leave
  trap - EXIT
}

for name in ${*:-bookworm trixie forky sem-python}; do
  case $name in sem-python) try "$name" bookworm ;; *) try "$name" "$name" ;; esac
done
