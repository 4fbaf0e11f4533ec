#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs one of the hub's official clients against a replay hub of its own.
#
#   with_replay_hub.sh [--tls] REPLAY_HUB_PROGRAM python|node SCRIPT
#
# The client comes from .deps of the checkout (deploy/setup.sh puts it there), or from
# $MODELWATCH_DEPS. The script finds HF_ENDPOINT (https through nghttpx with --tls), CONTROL_URL (the
# hub's own door) and an HF_HOME of its own. Its exit status is ours; a missing client is a failure.
set -euo pipefail

fail() { echo "with_replay_hub.sh: $*" >&2; exit 1; }

tls=false
if [[ ${1:-} == --tls ]]; then tls=true; shift; fi
[[ $# -eq 3 ]] || fail "usage: with_replay_hub.sh [--tls] REPLAY_HUB_PROGRAM python|node SCRIPT"
hub=$1
language=$2
script=$3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
deps=${MODELWATCH_DEPS:-$here/../../.deps}
case $language in
  python) client=$deps/python/bin/python; package=huggingface_hub ;;
  node) client=$(command -v node || true); package=@huggingface/hub ;;
  *) fail "unknown language $language" ;;
esac
[[ -x $client ]] || fail "$package: $client is missing: run deploy/setup.sh"
if [[ $language == node && ! -d $deps/npm/node_modules/@huggingface/hub ]]; then
  fail "$package is missing in $deps/npm: run deploy/setup.sh"
fi

work=$(mktemp -d)
pids=()
# Invoked by the trap.
# shellcheck disable=SC2317
clean_up() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap clean_up EXIT

# Waits for the file $1 that process $2 writes; $3 says who that is.
wait_for() {
  for _ in $(seq 600); do
    if [[ -s $1 ]]; then return; fi
    kill -0 "$2" 2>/dev/null || fail "$3 ended before it served"
    sleep 0.05
  done
  fail "$3 did not come up within 30 s"
}

"$hub" --world cases: --world synthetic:2345 --token hf_test --granted-token hf_granted \
  --port-file "$work/hub.port" >"$work/hub.log" &
pids+=($!)
wait_for "$work/hub.port" "${pids[0]}" "the replay hub"
port=$(cat "$work/hub.port")
export CONTROL_URL=http://127.0.0.1:$port HF_ENDPOINT=http://127.0.0.1:$port
if $tls; then
  "$here/../replay_hub/tls_front.sh" "$port" "$work/tls" >"$work/tls.log" &
  pids+=($!)
  wait_for "$work/tls/port" "${pids[1]}" "the TLS front"
  HF_ENDPOINT=https://127.0.0.1:$(cat "$work/tls/port")
  export SSL_CERT_FILE=$work/tls/ca.pem NODE_EXTRA_CA_CERTS=$work/tls/ca.pem
fi
export HF_HOME=$work/hf HF_HUB_DISABLE_TELEMETRY=1 HF_HUB_DISABLE_PROGRESS_BARS=1
export HF_HUB_DISABLE_XET=1  # the replay hub names Xet hashes but runs no Xet storage
export MODELWATCH_NODE_MODULES=$deps/npm/node_modules PYTHONDONTWRITEBYTECODE=1
unset HF_TOKEN http_proxy https_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY all_proxy
"$client" "$script"
