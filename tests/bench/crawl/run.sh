#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the bench in the release preset and prints Markdown.
#   tests/bench/crawl/run.sh [WORLD]      one crawl beside wrk; default: hf-2022 of the recorded data
#   tests/bench/crawl/run.sh --releases 30000,300000,3000000 [--max-seconds S] [--directory DIR]
#                                         whole hubs from nothing, stage by stage (bootstrap.py)
# MODELWATCH_BENCH_PRESET=dev uses another build, for trying the bench itself.
set -eu
root=$(cd "$(dirname "$0")/../../.." && pwd)
shared=${MODELWATCH_SHARED:-$root/../shared}
preset=${MODELWATCH_BENCH_PRESET:-release}
deps=${MODELWATCH_DEPS:-$root/.deps}
records=$shared/data/hf-2022/models.jsonl.zst

build() {
  cd "$root"
  cmake --preset "$preset" -DMODELWATCH_TESTS=ON >/dev/null
  cmake --build --preset "$preset" --target "$@" >&2
  [ -e "build/$preset/corpus.bin" ] || "build/$preset/modelwatch" corpus build \
    --from "$deps/licences/scancode/licenses" --out "build/$preset/corpus.bin" >&2
}

case ${1:-} in
--*)
  build modelwatch modelwatch-replay-hub
  if [ -e "$records" ]; then set -- --records "$records" "$@"; fi
  exec python3 tests/bench/crawl/bootstrap.py --build "build/$preset" \
    --corpus "build/$preset/corpus.bin" "$@"
  ;;
esac
world=${1:-hf-2022:$records}
file=${world#hf-2022:}
if [ "$file" != "$world" ] && [ ! -e "$file" ]; then
  echo "crawl bench: $file is not there; name a world, e.g. synthetic:30000" >&2
  exit 1
fi
command -v wrk >/dev/null || { echo "crawl bench: wrk is missing; run deploy/setup.sh" >&2; exit 1; }
build crawl_bench modelwatch modelwatch-replay-hub
exec "build/$preset/tests/bench/crawl_bench" "$world"
