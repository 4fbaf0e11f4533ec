#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the program as shipped and the licence corpus that it judges with. Safe to repeat.
#
#   deploy/build_release.sh [--with-replay-hub]
#
# Leaves build/release/modelwatch and build/release/corpus.bin; --with-replay-hub also builds
# the replay hub below build/release/tests. deploy/setup.sh must have run. JOBS=N: default one a core.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=deploy/say.sh
source "$root/deploy/say.sh"
cd "$root"

logs=$root/build/logs
program=build/release/modelwatch
corpus=build/release/corpus.bin
texts=.deps/licences/scancode/licenses

build() {
  # Without the test flag the replay hub is not known and GoogleTest is not needed.
  run_logged "configure release" "$logs/release-configure.log" \
    cmake --preset release -DMODELWATCH_TESTS=OFF "-DMODELWATCH_REPLAY_HUB=$1" ||
    fail "cannot configure the build (the whole log: $logs/release-configure.log):" \
      "is everything installed? run deploy/setup.sh and try again"
  shift
  SAY_TAIL=60 run_logged "build $*" "$logs/release-build.log" \
    cmake --build --preset release -j "${JOBS:-$(nproc)}" --target "$@" ||
    fail "the program does not compile; the whole log: $logs/release-build.log"
}

# The corpus is made again when the texts or the program that makes it changed.
build_corpus() {
  [[ -d $texts ]] || fail "no licence texts in $texts: run deploy/setup.sh first"
  if [[ -s $corpus && $corpus -nt $program && $corpus -nt $texts/../.stamp ]]; then
    say "  licence corpus: up to date"
    return
  fi
  run_logged "licence corpus" "$logs/corpus-build.log" \
    "$program" corpus build --from "$texts" --out "$corpus" ||
    fail "could not build the licence corpus from $texts; the whole log: $logs/corpus-build.log"
}

case ${1:-} in
  "") build OFF modelwatch ;;
  --with-replay-hub) build ON modelwatch modelwatch-replay-hub ;;
  *)
    say "usage: deploy/build_release.sh [--with-replay-hub]"
    exit 64
    ;;
esac
build_corpus
