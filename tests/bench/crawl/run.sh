#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the bench in the release preset and crawls the records of 2022 with it; prints Markdown.
#   tests/bench/crawl/run.sh [WORLD]      default: hf-2022 of the recorded data beside the checkout
set -eu
root=$(cd "$(dirname "$0")/../../.." && pwd)
shared=${MODELWATCH_SHARED:-$root/../shared}
world=${1:-hf-2022:$shared/data/hf-2022/models.jsonl.zst}
file=${world#hf-2022:}
if [ "$file" != "$world" ] && [ ! -e "$file" ]; then
  echo "crawl bench: $file is not there; name a world, e.g. synthetic:30000" >&2
  exit 1
fi
command -v wrk >/dev/null || { echo "crawl bench: wrk is missing; run deploy/setup.sh" >&2; exit 1; }
cd "$root"
cmake --preset release -DMODELWATCH_TESTS=ON >/dev/null
cmake --build --preset release --target crawl_bench modelwatch modelwatch-replay-hub >&2
deps=${MODELWATCH_DEPS:-$root/.deps}
[ -e build/release/corpus.bin ] || build/release/modelwatch corpus build \
  --from "$deps/licences/scancode/licenses" --out build/release/corpus.bin >&2
exec build/release/tests/bench/crawl_bench "$world"
