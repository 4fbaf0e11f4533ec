#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# deploy/setup.sh on machines where something is missing: it says so in one line, with what to do.
# The machines are made of a PATH of our own: stubs for what would change the system.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

refuse() {
  echo "FAILED: $*"
  echo "--- it said:"
  cat "$work/said"
  exit 1
}

# A copy, so that its logs and .deps are ours.
cp -r "$root/deploy" "$work/deploy"
mkdir "$work/bin"
for tool in awk bash cat cp cut dirname env flock grep head mkdir mv rm sed sha256sum sleep tail tr; do
  ln -s "$(command -v "$tool")" "$work/bin/$tool"
done

stub() {
  printf '#!%s\n%s\n' "$(command -v bash)" "$2" >"$work/bin/$1"
  chmod +x "$work/bin/$1"
}

# setup EXPECTED-STATUS ARGUMENT...
setup() {
  local expected=$1 status=0
  shift
  PATH=$work/bin bash "$work/deploy/setup.sh" "$@" >"$work/said" 2>&1 </dev/null || status=$?
  [[ $status == "$expected" ]] || refuse "setup.sh $*: status $status, not $expected"
}

says() { grep -q -- "$1" "$work/said" || refuse "it does not say: $1"; }

setup 64 --for fun
says 'error: --for takes run or test'
setup 64 --frobnicate
says "unknown argument '--frobnicate'"

setup 1 --for run
says '^error: cannot install packages on .*: it has no apt-get; install the equivalents of deploy/packages.txt'

stub dpkg-query 'echo installed g++'
stub apt-get "echo \"\$*\" >>$work/apt-calls"
# shellcheck disable=SC2016  # the stub expands it
stub id 'if [[ ${1:-} == -u ]]; then echo 1000; else echo visitor; fi'
setup 0 --for run --list
says 'librocksdb-dev .*the store'
if grep -q 'libgtest-dev' "$work/said"; then refuse "it lists test packages for run"; fi
if grep -qE ' g\+\+ ' "$work/said"; then refuse "it lists what is installed"; fi
[[ ! -e $work/apt-calls ]] || refuse "--list called apt-get"
setup 0 --for test --list
says 'libgtest-dev'

setup 1 --for run
says '^error: cannot install Debian packages as visitor: not root, and there is no sudo; run deploy/setup.sh --for run once as root'

stub id 'echo 0'
stub apt-get 'echo "E: Unable to fetch" >&2; exit 100'
setup 1 --for run
says 'warning: some package lists could not be fetched'
says '^error: apt-get could not install the packages above .*check the network'

stub apt-get "echo \"\$*\" >>$work/apt-calls"
sed -i 's#^python=.*#python=/nonexistent/python3#' "$work/deploy/setup.sh"
setup 1 --for run
grep -q 'install -y --no-install-recommends .*librocksdb-dev' "$work/apt-calls" || refuse "no install"
says '^error: could not make a Python environment .*python3-venv'
echo "passed"
