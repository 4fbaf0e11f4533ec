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

case ${1:-} in
  "") build OFF modelwatch ;;
  --with-replay-hub) build ON modelwatch modelwatch-replay-hub ;;
  *)
    say "usage: deploy/build_release.sh [--with-replay-hub]"
    exit 64
    ;;
esac
deploy/build_corpus.sh build/release
