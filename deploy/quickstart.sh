#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what is needed, builds modelwatch, and shows it at work. Safe to repeat.
#
#   deploy/quickstart.sh [--once] [--data DIR] [--port PORT]     a replay of recorded history
#   deploy/quickstart.sh --live [--data DIR] [--port PORT]       the live Hugging Face Hub
#
#   --once       replay the whole history, leave the result in DIR, print a summary, exit
#   --live       watch the live Hub (HF_ENDPOINT and HF_TOKEN are honoured)
#   --data DIR   where everything is kept (default ./data, or ./data-live with --live)
#   --port PORT  of the page (default 8080; 0 takes a free one)
#   --from DIR   install and build nothing: take the programs from this build directory
#
# The replay is a hub on this machine that serves the history of 660 real releases, 2022 to 2026,
# through the real Hub's protocol. Its clock moves on with every full listing, so that years pass in
# seconds. A second run goes on where the first one stopped.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=deploy/say.sh
source "$root/deploy/say.sh"

live=false once=false data="" port=8080
hub_pid="" watch_pid=""
logs=$root/build/logs
bin=$root/build/release
prebuilt=false

parse_arguments() {
  while (($# > 0)); do
    case $1 in
      --once) once=true ;;
      --live) live=true ;;
      --data | --port | --from)
        [[ -n ${2:-} ]] || usage_error "$1 takes a value"
        case $1 in
          --data) data=$2 ;;
          --port) port=$2 ;;
          --from)
            [[ -x $2/modelwatch ]] || usage_error "$2 holds no modelwatch"
            bin=$(cd "$2" && pwd)
            prebuilt=true
            ;;
        esac
        shift
        ;;
      -h | --help)
        sed -n '3,17s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
        exit 0
        ;;
      *) usage_error "unknown argument '$1'" ;;
    esac
    shift
  done
  [[ $port =~ ^[0-9]+$ && $port -le 65535 ]] || usage_error "--port takes a number up to 65535"
  if $live && $once; then usage_error "--once is for the replay; see modelwatch run --once"; fi
  if [[ -z $data ]]; then if $live; then data=./data-live; else data=./data; fi; fi
}

usage_error() {
  say "error: $1; see deploy/quickstart.sh --help"
  exit 64
}

# A directory holds one kind of history: a replay must not be mixed into what was seen live.
claim_data_directory() {
  local kind=replay
  if $live; then kind=live; fi
  if [[ -e $data/db && ! -e $data/quickstart-$kind ]]; then
    fail "$data holds another history than the $kind one: choose another directory with --data DIR"
  fi
  mkdir -p "$data" || fail "cannot make the data directory $data; choose another with --data DIR"
  : >"$data/quickstart-$kind" || fail "cannot write to $data; choose another with --data DIR"
}

watch_live() {
  say ""
  say "Watching the LIVE Hub at ${HF_ENDPOINT:-https://huggingface.co}. The first sweep lists every model"
  say "under the Hub's allowance: about half an hour without HF_TOKEN. Ctrl-C stops it; a second run goes on."
  say ""
  exec "$bin/modelwatch" run --hub huggingface --data "$data" --corpus "$bin/corpus.bin" --http "127.0.0.1:$port"
}

start_replay_hub() {
  local from=() port_file=$data/replay-hub.port
  if [[ -s $data/replay-time ]]; then from=(--start "$(cat "$data/replay-time")"); fi
  rm -f "$port_file"
  # A session of its own: Ctrl-C stops modelwatch first, and the hub is asked for its time after that.
  setsid "$bin/tests/replay_hub/modelwatch-replay-hub" --port 0 --port-file "$port_file" \
    --world history:tests/replay_hub/recorded --clock pass --no-limits ${from[@]:+"${from[@]}"} \
    >"$logs/replay-hub.log" 2>&1 &
  hub_pid=$!
  wait_until 30 test -s "$port_file" ||
    fail "the replay hub did not start: $(tail -n 1 "$logs/replay-hub.log")"
  hub_url=http://127.0.0.1:$(cat "$port_file")
}

# wait_until SECONDS COMMAND...: asks four times a second, as long as the processes live.
wait_until() {
  local tries=$(($1 * 4))
  shift
  until "$@"; do
    tries=$((tries - 1))
    if ((tries <= 0)) || ! are_alive; then return 1; fi
    sleep 0.25
  done
}

are_alive() {
  local pid
  for pid in $hub_pid $watch_pid; do kill -0 "$pid" 2>/dev/null || return 1; done
}

# Sets replay_now, replay_end, sweeps_since_end from the hub's control door; fails when it is away.
read_replay_status() {
  local answer
  answer=$(/usr/bin/python3 - "$hub_url/_replay/status" 2>/dev/null <<'PYTHON'
import json, sys, urllib.request
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
status = json.load(opener.open(sys.argv[1], timeout=10))
print(status["now"], status["end"], status["sweeps"]["since_end"])
PYTHON
  ) || return 1
  read -r replay_now replay_end sweeps_since_end <<<"$answer"
}

# So that the next run goes on from here. A hub that started over would look like every release
# going back to its old terms.
save_replay_time() {
  if read_replay_status; then
    printf '%s\n' "$replay_now" >"$data/replay-time.part"
    mv "$data/replay-time.part" "$data/replay-time"
  fi
}

# Three sweeps after the last event: what waits out a hold-down is told in the second.
is_replayed() { read_replay_status && ((sweeps_since_end >= 3)); }

# Sets watch: the command that watches the replay. A function would put a shell between us and it.
make_watch_command() {
  watch=("$bin/modelwatch" run --config deploy/config/quickstart.textproto \
    --hub "huggingface=$hub_url" --data "$data" \
    --corpus "$bin/corpus.bin" --log-level warning)
}

# stop PID: asks it to end and waits for that; only for processes that this script started.
stop() {
  if [[ -n $1 ]]; then
    kill "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
  fi
}

stop_all() {
  local pid=$watch_pid
  watch_pid=""
  stop "$pid"
  if [[ -n $hub_pid ]]; then save_replay_time; fi
  pid=$hub_pid
  hub_pid=""
  stop "$pid"
}

say_what_is_watched() {
  say ""
  say "Watching a REPLAY of recorded history: 660 real releases, 2022 to 2026, served on this machine."
  say "This is NOT the live Hub. To watch that one: deploy/quickstart.sh --live"
  say ""
}

# Until Ctrl-C: alerts on the terminal, the page beside it.
replay_and_stay() {
  "${watch[@]}" --http "127.0.0.1:$port" &
  watch_pid=$!
  local told=false
  while are_alive; do
    sleep 1
    if ! $told && is_replayed; then
      told=true
      save_replay_time
      say ""
      say "The recorded history ends here, ${replay_end%T*}. The page stays at http://127.0.0.1:$port/ ;"
      say "Ctrl-C stops it. Next: $bin/modelwatch alerts --data $data --severity critical"
    fi
  done
  local status=0
  wait "$watch_pid" || status=$?
  fail "modelwatch ended by itself with status $status; its last lines are above"
}

# Nothing is left to judge and no alert waits any more, by modelwatch's own metrics.
is_judged() {
  local page
  page=$(sed -n 's/^alerts are listed at //p' "$logs/quickstart.log" | tail -n 1)
  /usr/bin/python3 - "${page%/}/metrics" 2>/dev/null <<'PYTHON'
import sys, urllib.request
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
lines = opener.open(sys.argv[1], timeout=10).read().decode().splitlines()
values = dict(line.rsplit(" ", 1) for line in lines if line and not line.startswith("#"))
waiting = [values.get("modelwatch_evaluate_" + name, "1") for name in ("lag", "held")]
sys.exit(any(float(value) for value in waiting))
PYTHON
}

# The whole history, then a summary.
replay_once() {
  "${watch[@]}" --http 127.0.0.1:0 >"$logs/quickstart-alerts.log" 2>"$logs/quickstart.log" &
  watch_pid=$!
  local started=$SECONDS
  until is_replayed; do
    are_alive || fail "the replay stopped: $(tail -n 1 "$logs/quickstart.log")"
    ((SECONDS - started < 1200)) || fail "the replay did not end in 20 minutes; see $logs/quickstart.log"
    [[ ! -t 2 ]] || printf '\r\033[K  replay: %s of %s' "${replay_now%T*}" "${replay_end%T*}" >&2
    sleep 0.5
  done
  [[ ! -t 2 ]] || printf '\r\033[K' >&2
  say "  replay: done in $((SECONDS - started)) s, up to $replay_now"
  wait_until 60 is_judged || fail "the last versions were not judged; see $logs/quickstart.log"
  stop_all
  print_summary
}

print_summary() {
  local alerts severity
  alerts=$("$bin/modelwatch" alerts --data "$data" --format json)
  "$bin/modelwatch" alerts --data "$data"
  echo
  "$bin/modelwatch" db check --data "$data"
  for severity in critical warning notice info; do
    printf '%5d %s\n' "$(grep -c "\"severity\":\"$severity\"" <<<"$alerts" || true)" "$severity"
  done
  echo "from a REPLAY of recorded history, not the live Hub; everything is in $data"
  echo "next: $bin/modelwatch history suno/bark --data $data"
}

set_up_and_build() {
  if $prebuilt; then
    "$root/deploy/build_corpus.sh" "$bin"
    return
  fi
  "$root/deploy/setup.sh" --for run
  if $live; then
    "$root/deploy/build_release.sh"
  else
    "$root/deploy/build_release.sh" --with-replay-hub
  fi
}

main() {
  parse_arguments "$@"
  set_up_and_build
  claim_data_directory
  data=$(cd "$data" && pwd)
  cd "$root"
  mkdir -p "$logs"
  if $live; then watch_live; fi
  trap stop_all EXIT
  trap 'exit 130' INT TERM
  start_replay_hub
  make_watch_command
  say_what_is_watched
  if $once; then replay_once; else replay_and_stay; fi
}

main "$@"
