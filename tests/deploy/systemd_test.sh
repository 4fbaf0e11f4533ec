#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The units are what systemd understands, and closed: systemd-analyze verify says nothing, and its
# exposure score (0 safe .. 10 unsafe) stays at most 1.5. Exit 77 = skipped.
set -euo pipefail
units=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../deploy/systemd" && pwd)
command -v systemd-analyze >/dev/null || { echo "skipped: no systemd-analyze here"; exit 77; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# verify wants the program and the documentation to exist: point the copies at things that do.
for unit in "$units"/*; do
  sed -e 's#/usr/local/bin/modelwatch#/bin/true#' -e '/^Documentation=/d' "$unit" \
    >"$work/$(basename "$unit")"
done

failed=0
said=$(cd "$work" && SYSTEMD_LOG_LEVEL=warning systemd-analyze verify --man=no \
  ./modelwatch.service ./modelwatch-once.service ./modelwatch-once.timer 2>&1) || failed=1
# Words about units of the machine itself are not about ours.
ours=$(grep -F modelwatch <<<"$said" || true)
if [[ $failed == 1 || -n $ours ]]; then
  echo "systemd-analyze verify: $said"
  failed=1
fi

for unit in modelwatch.service modelwatch-once.service; do
  score=$(systemd-analyze security --offline=true --no-pager "$work/$unit" |
    sed -n 's/.*Overall exposure level for .*: \([0-9.]*\) .*/\1/p')
  echo "$unit: exposure ${score:-unknown}"
  awk -v s="${score:-10}" 'BEGIN { exit !(s <= 1.5) }' || failed=1
done
exit "$failed"
