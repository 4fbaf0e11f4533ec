#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# clang-tidy on the .cc files that changed, because it costs seconds a file.
#
#   tests/tidy.sh [SINCE | FILE...]
#
# Without arguments: files changed since main and files not committed yet. SINCE is a git revision.
# `tests/tidy.sh all` reads every file (minutes).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=deploy/say.sh
source "$root/deploy/say.sh"
cd "$root"

changed_since() {
  {
    git diff --name-only --diff-filter=d "$1" -- '*.cc'
    git ls-files --others --exclude-standard -- '*.cc'
  } | sort -u
}

main() {
  local files
  command -v clang-tidy-14 >/dev/null ||
    fail "clang-tidy-14 is not installed: run deploy/setup.sh --for test"
  case ${1:-} in
    -h | --help) sed -n '3,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" && return ;;
    all) files=$(git ls-files '*.cc') ;;
    *.cc) files=$(printf '%s\n' "$@") ;;
    *) files=$(changed_since "$(git merge-base HEAD "${1:-main}")") ;;
  esac
  [[ -n $files ]] || { say "no .cc file changed"; return 0; }
  # clang reads the flags of the clang preset: those of g++ are not all known to it.
  cmake --preset clang >/dev/null
  cmake --build --preset clang --target mw_services mw_messages mw_storage >/dev/null
  xargs -P "$(nproc)" -n 4 clang-tidy-14 --quiet -p build/clang <<<"$files" 2> >(grep -vE '^[0-9]+ warnings? generated' >&2)
}

main "$@"
