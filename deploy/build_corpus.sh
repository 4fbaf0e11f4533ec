#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Compiles the installed licence texts into DIR/corpus.bin with DIR/modelwatch, unless that is newer
# than both. Safe to repeat, and to run twice at once.
#
#   deploy/build_corpus.sh DIR
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=deploy/say.sh
source "$root/deploy/say.sh"

built=${1:?usage: deploy/build_corpus.sh DIR}
texts=$root/.deps/licences/scancode/licenses
spdx=$root/.deps/npm/node_modules/spdx-license-list
corpus=$built/corpus.bin

[[ -d $texts && -d $spdx ]] || fail "no licence texts in $texts: run deploy/setup.sh first"
if [[ -s $corpus && $corpus -nt $built/modelwatch && $corpus -nt $texts/../.stamp ]]; then
  say "  licence corpus: up to date"
  exit 0
fi
part=$corpus.$$.part
trap 'rm -f "$part"' EXIT
run_logged "licence corpus" "$root/build/logs/corpus-build.log" \
  "$built/modelwatch" corpus build --from "$texts" --from "$texts/../rules" --from "$spdx" \
  --out "$part" ||
  fail "could not build the licence corpus from $texts; the whole log: build/logs/corpus-build.log"
mv "$part" "$corpus"
