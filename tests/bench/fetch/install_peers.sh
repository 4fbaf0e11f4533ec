#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the clients that run.py measures beside ours, pinned by hash, into build/bench-fetch/peers:
# aiohttp (peers/requirements-aiohttp.txt) and undici (peers/node/package-lock.json). wrk comes with
# deploy/setup.sh. Safe to repeat. One that cannot be installed is named and left out.
#
#   tests/bench/fetch/install_peers.sh
# shellcheck disable=SC2317  # the installers are called by name
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
# shellcheck source=deploy/say.sh
source "$root/deploy/say.sh"

peers=$root/build/bench-fetch/peers
missing=0

aiohttp() {
  python3 -m venv --clear "$peers/aiohttp" &&
    "$peers/aiohttp/bin/pip" --disable-pip-version-check install --no-deps --require-hashes \
      --only-binary :all: -r "$here/peers/requirements-aiohttp.txt" &&
    touch "$peers/aiohttp/.installed"
}

undici() {
  mkdir -p "$peers/node" && cp "$here"/peers/node/package*.json "$peers/node/" &&
    npm ci --ignore-scripts --no-audit --no-fund --prefix "$peers/node" &&
    touch "$peers/node/.installed"
}

mkdir -p "$peers"
for peer in aiohttp undici; do
  mark=$peers/${peer/undici/node}/.installed
  if [[ -e $mark ]]; then
    say "  $peer: there"
  elif ! run_logged "$peer" "$root/build/logs/bench-fetch-$peer.log" "$peer"; then
    say "warning: could not install $peer (build/logs/bench-fetch-$peer.log); its row will be missing"
    missing=1
  fi
done
exit "$missing"
