#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How much the replay hub serves, so that it is known not to be the bottleneck of a measurement.
#
#   replay_hub_bench.sh REPLAY_HUB_PROGRAM [SECONDS]
#
# Asks with wrk (Debian package wrk) over loopback and prints one JSON line a figure: list rows a
# second with the crawler's own projection, compressed and not, and files a second from resolve-cache.
# wrk and the hub share the machine's cores.
set -euo pipefail

fail() { echo "replay_hub_bench.sh: $*" >&2; exit 1; }

[[ $# -ge 1 ]] || fail "usage: replay_hub_bench.sh REPLAY_HUB_PROGRAM [SECONDS]"
hub=$1
seconds=${2:-5}
command -v wrk >/dev/null || fail "wrk is missing: apt-get install wrk"
work=$(mktemp -d)
"$hub" --world synthetic:30000 --no-limits --port-file "$work/port" >"$work/log" &
pid=$!
trap 'kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; rm -rf "$work"' EXIT
for _ in $(seq 600); do
  if [[ -s $work/port ]]; then break; fi
  kill -0 "$pid" 2>/dev/null || fail "the replay hub ended before it served"
  sleep 0.05
done
url=http://127.0.0.1:$(cat "$work/port")

# Requests a second for target $1, with the further wrk arguments.
rate() {
  local target=$1
  shift
  wrk -t1 -c2 -d"${seconds}s" "$@" "$url$target" >"$work/wrk"
  if grep -q "Non-2xx" "$work/wrk"; then fail "$target: $(grep Non-2xx "$work/wrk")"; fi
  awk '/Requests\/sec/ {print $2}' "$work/wrk"
}

rows() { awk -v pages="$1" 'BEGIN {printf "%d", pages * 1000}'; }

page='/api/models?sort=createdAt&direction=1&limit=1000'
for key in author sha lastModified createdAt private gated disabled cardData tags siblings \
  baseModels library_name pipeline_tag; do
  page+="&expand[]=$key"
done
sha=$(curl -fsS -g "$url/api/models/org-0/model-0?expand=sha" | sed 's/.*"sha":"\([0-9a-f]*\)".*/\1/')
file=/api/resolve-cache/models/org-0/model-0/$sha/LICENSE

echo "{\"bench\":\"replay_hub.list_rows_per_s\",\"encoding\":\"gzip\",\"value\":$(rows "$(rate "$page" -H 'Accept-Encoding: gzip')")}"
echo "{\"bench\":\"replay_hub.list_rows_per_s\",\"encoding\":\"identity\",\"value\":$(rows "$(rate "$page")")}"
echo "{\"bench\":\"replay_hub.files_per_s\",\"status\":200,\"value\":$(rate "$file" | cut -d. -f1)}"
