#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds modelwatch and installs it as a service. Safe to repeat: it upgrades in place.
#
#   sudo deploy/install.sh [--prefix DIR] [--from DIR]
#
#   PREFIX/bin/modelwatch                      the program
#   PREFIX/lib/modelwatch/                     what writes Parquet: our module and Apache Arrow
#   PREFIX/share/modelwatch/corpus.bin         the licence corpus
#   PREFIX/share/doc/modelwatch/               README, LICENSE, NOTICE, operations.md
#   PREFIX/lib/systemd/system/modelwatch*      units, with PREFIX written in
#   /etc/modelwatch/modelwatch.textproto       settings; yours are kept, the new file stands beside
#   /etc/modelwatch/environment                HF_TOKEN and the like, readable by root alone
#
# PREFIX is /usr/local. DESTDIR is put in front of every path, for packagers. Nothing is enabled or
# started: the last lines say how. --from DIR builds nothing and installs the program and the corpus of
# that build directory.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=deploy/say.sh
source "$root/deploy/say.sh"
cd "$root"

prefix=/usr/local
built=build/release
build=true
dest=${DESTDIR:-}

while (($# > 0)); do
  case $1 in
    --prefix)
      [[ ${2:-} == /* ]] || { say "error: --prefix takes an absolute path"; exit 64; }
      prefix=$2
      shift
      ;;
    --from)
      [[ -d ${2:-} ]] || { say "error: --from takes a build directory"; exit 64; }
      built=$(cd "$2" && pwd)
      build=false
      shift
      ;;
    -h | --help) sed -n '3,18s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) say "error: unknown argument '$1'; see deploy/install.sh --help"; exit 64 ;;
  esac
  shift
done

# put MODE FROM TO
put() {
  install -D -m "$1" "$2" "$dest$3" ||
    fail "cannot write $dest$3; run this as root (sudo deploy/install.sh) or set DESTDIR"
  say "  $dest$3"
}

# The module looks for Arrow beside itself first. A system that has Arrow needs no copy.
put_parquet() {
  local library folder=$prefix/lib/modelwatch
  if [[ ! -e $built/modelwatch-parquet.so ]]; then
    say "  (no Apache Arrow was there to build with: export writes JSON Lines and CSV)"
    return
  fi
  put 755 "$built/modelwatch-parquet.so" "$folder/modelwatch-parquet.so"
  for library in "${MODELWATCH_DEPS:-$root/.deps}"/arrow/lib/*.so.*; do
    if [[ -e $library ]]; then put 644 "$library" "$folder/$(basename "$library")"; fi
  done
}

put_units() {
  local unit folder=$prefix/lib/systemd/system changed
  # systemd looks below /usr and /usr/local; any other prefix needs /etc.
  case $prefix in /usr | /usr/local) ;; *) folder=/etc/systemd/system ;; esac
  changed=$(mktemp)
  for unit in deploy/systemd/*; do
    sed "s#/usr/local/#$prefix/#g" "$unit" >"$changed"
    put 644 "$changed" "$folder/$(basename "$unit")"
  done
  rm -f "$changed"
}

put_settings() {
  local settings=/etc/modelwatch/modelwatch.textproto secrets=/etc/modelwatch/environment
  if [[ -e $dest$settings ]] && ! cmp -s deploy/config/modelwatch.textproto "$dest$settings"; then
    put 644 deploy/config/modelwatch.textproto "$settings.new"
    say "  $dest$settings is yours and was kept"
  else
    put 644 deploy/config/modelwatch.textproto "$settings"
  fi
  [[ -e $dest$secrets ]] || put 600 deploy/config/environment "$secrets"
}

if $build; then
  deploy/setup.sh --for run
  deploy/build_release.sh
fi
[[ -x $built/modelwatch && -s $built/corpus.bin ]] ||
  fail "$built has no program and corpus to install: run deploy/install.sh without --from"

say "Installing:"
put 755 "$built/modelwatch" "$prefix/bin/modelwatch"
put_parquet
put 644 "$built/corpus.bin" "$prefix/share/modelwatch/corpus.bin"
put 644 deploy/config/modelwatch.textproto "$prefix/share/doc/modelwatch/modelwatch.textproto"
for file in README.md LICENSE NOTICE docs/operations.md; do
  put 644 "$file" "$prefix/share/doc/modelwatch/$(basename "$file")"
done
put_units
put_settings

say ""
say "Installed. To start it now and at every boot:"
say "  systemctl daemon-reload && systemctl enable --now modelwatch.service"
say "or to visit the hubs every six hours instead:"
say "  systemctl daemon-reload && systemctl enable --now modelwatch-once.timer"
