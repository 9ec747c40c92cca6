#!/bin/sh
# Installs Kaowu as a service of this machine: the program, its account, its folder, its unit.
#
#   sudo packaging/install.sh [BINARY]      BINARY: target/release/kaowu, unless given
#
# Run again, it brings program and unit up to date and touches neither data nor settings. With
# DESTDIR it only puts files below that folder, for whoever makes packages; no account, no start.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
binary=${1:-$here/../target/release/kaowu}
root=${DESTDIR:-}
data=/var/lib/kaowu

fail() {
  echo "error: $1" >&2
  echo "hint: $2" >&2
  exit 1
}

check() {
  [ $# -le 1 ] || { echo "usage: install.sh [BINARY]" >&2; exit 2; }
  [ -f "$binary" ] || fail "there is no program $binary" "cargo build --release, or name it"
  [ -n "$root" ] || [ "$(id -u)" -eq 0 ] || fail "only root may install a service" "sudo $0"
  [ -n "$root" ] || command -v systemctl >/dev/null ||
    fail "this machine has no systemd" "run kaowu serve --data FOLDER by other means"
}

# The account that the service runs as: no password, no shell.
account() {
  getent passwd kaowu >/dev/null ||
    useradd --system --user-group --home-dir "$data" --no-create-home \
      --shell /usr/sbin/nologin --comment "Kaowu" kaowu
}

# Its folder, for nobody else's eyes. What is in it stays as it is.
folder() {
  install -d -m 0755 "$root/var/lib"
  if [ -n "$root" ]; then
    install -d -m 0700 "$root$data"
  else
    install -d -m 0700 -o kaowu -g kaowu "$data"
  fi
}

# A file put in place of another at once, so that a running program keeps its own.
place() {
  install -d -m 0755 "$root$(dirname "$3")"
  install -m "$1" "$2" "$root$3.new"
  mv -f "$root$3.new" "$root$3"
}

files() {
  place 0755 "$binary" /usr/local/bin/kaowu
  place 0644 "$here/kaowu.toml" /usr/local/share/kaowu/kaowu.toml
  place 0644 "$here/kaowu.service" /etc/systemd/system/kaowu.service
}

start() {
  systemctl daemon-reload
  systemctl enable --quiet kaowu
  if [ -e "$data/kaowu.sqlite" ]; then
    # Who stopped it has a reason; only what runs is restarted.
    systemctl try-restart kaowu
    echo "Kaowu is up to date; it is $(systemctl is-active kaowu || true)."
    return
  fi
  cat <<NEXT
Kaowu is installed. Next, with the centre's own code and name:

  sudo -u kaowu kaowu init --data $data --centre CODE --name NAME
  sudo -u kaowu nano $data/kaowu.toml       # every setting: /usr/local/share/kaowu/kaowu.toml
  sudo systemctl start kaowu
NEXT
}

check "$@"
[ -n "$root" ] || account
folder
files
[ -n "$root" ] || start
