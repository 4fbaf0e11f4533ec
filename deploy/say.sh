# SPDX-License-Identifier: Apache-2.0
# Words on the terminal, shared by the scripts. Source it; it changes nothing by itself.
# shellcheck shell=bash

# say TEXT: one line of progress, to standard error.
say() { printf '%s\n' "$*" >&2; }

# fail TEXT: what, on what, why, what next; then exit 1.
fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# run_logged TITLE LOG COMMAND...: runs COMMAND with its output in LOG. A terminal shows the time and
# the last line of the log while it runs; otherwise one line when it ends. Returns COMMAND's status
# and, when that is not 0, shows the end of the log.
run_logged() {
  local title=$1 log=$2 started=$SECONDS status=0 pid
  shift 2
  mkdir -p "$(dirname "$log")"
  if [[ -t 2 ]]; then
    "$@" >"$log" 2>&1 </dev/null &
    pid=$!
    # shellcheck disable=SC2064  # the id is meant to be read now
    trap "kill $pid 2>/dev/null || true" INT TERM
    while kill -0 "$pid" 2>/dev/null; do
      show_progress "$title" "$((SECONDS - started))" "$log"
      sleep 0.5
    done
    wait "$pid" || status=$?
    trap - INT TERM
    printf '\r\033[K' >&2
  else
    say "  $title ..."
    "$@" >"$log" 2>&1 </dev/null || status=$?
  fi
  if ((status == 0)); then
    say "  $title: done in $((SECONDS - started)) s"
  else
    say "  $title: FAILED after $((SECONDS - started)) s; the end of $log:"
    tail -n "${SAY_TAIL:-25}" "$log" | sed 's/^/    /' >&2
  fi
  return "$status"
}

# show_progress TITLE SECONDS LOG: one line that is written over.
show_progress() {
  local width last
  width=$(tput cols 2>/dev/null || echo 100)
  last=$(tail -c 400 "$3" 2>/dev/null | tr '\r' '\n' | grep -v '^[[:space:]]*$' | tail -n 1 | tr -cd '[:print:]' || true)
  printf '\r\033[K%s' "$(printf '  %s: %s s  %s' "$1" "$2" "$last" | cut -c "1-$((width - 1))")" >&2
}

# retry TRIES COMMAND...: again after 2, 4, 8 ... seconds while it fails.
retry() {
  local tries=$1 pause=2
  shift
  until "$@"; do
    tries=$((tries - 1))
    ((tries > 0)) || return 1
    say "  that failed; next try in $pause s"
    sleep "$pause"
    pause=$((pause * 2))
  done
}
