#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the peers that run.py measures beside modelwatch, pinned, into build/bench-identify/peers.
# Safe to repeat. One that cannot be installed is named and left out; run.py measures the others.
#
#   tests/bench/identify/install_peers.sh
#
# ScanCode from PyPI (hashes in peers/requirements-scancode.txt), licensecheck and licensee from
# Debian, google/licensecheck and licenseclassifier as Go modules (peers/go/go.sum), askalono as a
# Rust crate with the lock file that it is published with. About 500 MB, mostly ScanCode.
# shellcheck disable=SC2317  # the installers are called by name
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
# shellcheck source=deploy/say.sh
source "$root/deploy/say.sh"

peers=$root/build/bench-identify/peers
logs=$root/build/logs
missing=0

# install TITLE LOG MARK COMMAND...: runs COMMAND unless MARK exists.
install() {
  local title=$1 log=$2 mark=$3
  shift 3
  if [[ -e $mark ]]; then
    say "  $title: there"
  elif ! run_logged "$title" "$logs/$log" "$@"; then
    say "warning: could not install $title (the whole log: build/logs/$log); its column will be missing"
    missing=1
  fi
}

scancode() {
  python3 -m venv --clear "$peers/scancode" &&
    "$peers/scancode/bin/pip" --disable-pip-version-check install --no-deps --require-hashes \
      -r "$here/peers/requirements-scancode.txt" &&
    touch "$peers/scancode/.installed"
}

debian() {
  local as_root=()
  [[ $(id -u) == 0 ]] || as_root=(sudo)
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
    licensecheck ruby-licensee
}

go_peers() { (cd "$here/peers/go" && go build -o "$peers/gopeers" .); }

askalono() { nice cargo install --locked --version =0.5.0 askalono-cli --root "$peers/askalono"; }

mkdir -p "$peers"
install "ScanCode" bench-scancode.log "$peers/scancode/.installed" scancode
install "licensecheck and licensee" bench-debian.log "/usr/share/doc/ruby-licensee" debian
install "google/licensecheck and licenseclassifier" bench-go.log "$peers/gopeers" go_peers
install "askalono" bench-askalono.log "$peers/askalono/bin/askalono" askalono
exit "$missing"
