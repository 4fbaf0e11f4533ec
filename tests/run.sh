#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what the tests need, builds, and runs every test. Safe to repeat.
#
#   tests/run.sh [--quick] [-R REGEX]
#
#   --quick    without the sanitizers and the fuzzers
#   -R REGEX   only the tests of the dev build whose name matches (and none of the other stages)
#
# Stages: set-up, format, shellcheck, build, unit, replay, scripts, integration, e2e, realdata, asan, tsan, fuzz. A stage
# that fails does not stop the others, but a build that fails ends the run. Logs: build/logs. The last
# line counts every test of every stage; the status is 0 only when none failed.
# Real recorded data is read from ../shared, or $MODELWATCH_SHARED; tests that need it are skipped
# when it is not there. JOBS=N builds and tests with N jobs (default: one a core).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=deploy/say.sh
source "$root/deploy/say.sh"
cd "$root"

logs=$root/build/logs
jobs=${JOBS:-$(nproc)}
quick=false
regex=
passed=0 failed=0 skipped=0
broken=()   # stages with a failure

parse_arguments() {
  while (($# > 0)); do
    case $1 in
      --quick) quick=true ;;
      -R)
        [[ -n ${2:-} ]] || usage_error "-R takes a regular expression"
        regex=$2
        shift
        ;;
      -h | --help)
        sed -n '3,14s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
        exit 0
        ;;
      *) usage_error "unknown argument '$1'" ;;
    esac
    shift
  done
}

usage_error() {
  say "error: $1; see tests/run.sh --help"
  exit 64
}

# check NAME TITLE COMMAND...: a stage that is one test.
check() {
  local name=$1 title=$2
  shift 2
  if run_logged "$title" "$logs/$name.log" "$@"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    broken+=("$name")
  fi
}

# build PRESET TARGET...: configures and builds; ends the run when that fails.
build() {
  local preset=$1
  shift
  run_logged "configure $preset" "$logs/$preset-configure.log" cmake --preset "$preset" ||
    fail "cannot configure the $preset build; the whole log: $logs/$preset-configure.log"
  SAY_TAIL=60 run_logged "build $preset" "$logs/$preset-build.log" \
    cmake --build --preset "$preset" -j "$jobs" --target "$@" ||
    fail "the $preset build does not compile; the whole log: $logs/$preset-build.log"
}

# run_tests NAME PRESET CTEST-ARGUMENT...: runs tests and adds to the totals.
run_tests() {
  local name=$1 preset=$2 report=$logs/$1.xml
  shift 2
  rm -f "$report"
  SAY_TAIL=80 run_logged "tests: $name" "$logs/$name.log" \
    ctest --preset "$preset" --output-on-failure --no-tests=ignore -j "$jobs" \
    --output-junit "$report" "$@" || broken+=("$name")
  add_totals "$name" "$report"
}

# add_totals NAME REPORT: reads the counts in the head of a JUnit file.
add_totals() {
  local head tests failures skips
  [[ -f $2 ]] || { say "  $1: no test ran"; return; }
  head=$(head -c 2000 "$2" | tr '\n\t' '  ')
  tests=$(attribute tests "$head") failures=$(attribute failures "$head")
  skips=$(($(attribute skipped "$head") + $(attribute disabled "$head")))
  say "    $((tests - failures - skips)) passed, $failures failed, $skips skipped"
  passed=$((passed + tests - failures - skips))
  failed=$((failed + failures))
  skipped=$((skipped + skips))
}

attribute() { sed -n "s/.*<testsuite [^>]* $1=\"\([0-9]*\)\".*/\1/p" <<<"$2" | grep . || echo 0; }

check_format() {
  git ls-files -z '*.h' '*.cc' | xargs -0 clang-format-14 --dry-run -Werror
}

check_scripts() {
  git ls-files -z '*.sh' .ci/run | xargs -0 shellcheck -x
}

# Every fuzzer, a few seconds each, from its seeds; what it finds new is not kept.
run_fuzzers() {
  local program name found seeds
  for program in build/fuzz/fuzzers/*_fuzz; do
    [[ -x $program ]] || continue
    name=$(basename "$program")
    seeds=()
    if [[ -d tests/fuzz/seeds/${name%_fuzz} ]]; then seeds=("tests/fuzz/seeds/${name%_fuzz}"); fi
    found=build/fuzz/found/$name
    mkdir -p "$found"
    check "fuzz-${name%_fuzz}" "fuzz ${name%_fuzz}" "$program" -max_total_time="${FUZZ_SECONDS:-5}" \
      -timeout=10 -rss_limit_mb=2048 -artifact_prefix="$found/" -print_final_stats=1 \
      "$found" ${seeds[@]+"${seeds[@]}"}
  done
}

finish() {
  local verdict=passed
  ((failed == 0 && ${#broken[@]} == 0)) || verdict=FAILED
  say ""
  if [[ $verdict == FAILED ]]; then say "failed stages: ${broken[*]} (logs: $logs)"; fi
  printf 'tests %s: %d passed, %d failed, %d skipped in %d min %d s\n' \
    "$verdict" "$passed" "$failed" "$skipped" $((SECONDS / 60)) $((SECONDS % 60))
  [[ $verdict == passed ]]
}

main() {
  parse_arguments "$@"
  deploy/setup.sh --for test
  say "Tests of modelwatch, $jobs jobs, logs in build/logs"
  if [[ -n $regex ]]; then
    build dev all
    run_tests chosen dev -R "$regex"
    finish
    return
  fi
  check format "format of C++ files" check_format
  check shellcheck "shellcheck of scripts" check_scripts
  build dev all
  local label
  for label in unit replay scripts integration e2e realdata; do run_tests "$label" dev -L "^$label\$"; done
  if ! $quick; then
    build asan unit_tests
    run_tests asan asan -L '^unit$'
    build tsan tsan_tests
    run_tests tsan tsan -L '^unit$'
    build fuzz fuzzers
    run_fuzzers
  fi
  finish
}

main "$@"
