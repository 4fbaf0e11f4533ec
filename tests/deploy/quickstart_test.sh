#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# deploy/quickstart.sh replays the recorded history to its end, says that it is a replay, and changes
# nothing when it is repeated. Usage: quickstart_test.sh BUILD-DIR. Exit 77 = skipped.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
built=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

[[ -d $root/.deps/licences/scancode/licenses ]] || {
  echo "skipped: no licence texts in .deps; run deploy/setup.sh"
  exit 77
}

refuse() {
  echo "FAILED: $*"
  echo "--- it said:"
  tail -n 40 "$work/said"
  exit 1
}

quickstart() {
  local expected=$1 status=0
  shift
  "$root/deploy/quickstart.sh" --from "$built" "$@" >"$work/out" 2>"$work/said" </dev/null || status=$?
  [[ $status == "$expected" ]] || refuse "quickstart.sh $*: status $status, not $expected"
}

alerts() { "$built/modelwatch" alerts --data "$work/data" --format json; }

quickstart 64 --frobnicate
quickstart 64 --port twelve
quickstart 64 --live --once

quickstart 0 --once --data "$work/data"
grep -q 'REPLAY of recorded history' "$work/said" || refuse "it does not say that it is a replay"
grep -q 'NOT the live Hub' "$work/said" || refuse "it does not say that it is not the live Hub"
alerts >"$work/first"
told=$(wc -l <"$work/first")
((told >= 40)) || refuse "only $told alerts"
grep -q 'from a REPLAY' "$work/out" || refuse "the summary does not say that it is a replay"

quickstart 0 --once --data "$work/data"
alerts >"$work/second"
cmp -s "$work/first" "$work/second" || refuse "a second run changed the alerts: $(wc -l <"$work/second")"

# What was seen in a replay is not mixed with what is seen live.
quickstart 1 --live --data "$work/data"
grep -q '^error: .* holds another history' "$work/said" || refuse "it would mix a replay with the live Hub"
if pgrep -f "$work/data" >/dev/null; then refuse "a process was left running"; fi
echo "passed: $told alerts"
