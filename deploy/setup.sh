#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what modelwatch needs on Debian 12. Safe to repeat: what is there is left alone.
#
#   deploy/setup.sh [--for run|test] [--list]
#
#   --for run    build and run the program (the default; deploy/quickstart.sh)
#   --for test   all of that, and what the tests need (tests/run.sh)
#   --list       only say what would be installed, and why
#
# Debian packages come from deploy/packages.txt, as root or through sudo. Pinned packages from PyPI
# and npm land in .deps/ of this checkout, nowhere else: the licence texts (126 MB to download, 180 MB
# on disk), Apache Arrow C++ (55 MB; 67 MB on disk) and, for tests, the Hub's official clients and readers
# of Parquet. MODELWATCH_SKIP_APT=1 leaves Debian packages to you.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=deploy/say.sh
source "$root/deploy/say.sh"

purpose=run
list_only=false
deps=$root/.deps
logs=$root/build/logs
python=/usr/bin/python3   # Debian's own: python3-venv belongs to it

parse_arguments() {
  while (($# > 0)); do
    case $1 in
      --for)
        [[ ${2:-} == run || ${2:-} == test ]] || usage_error "--for takes run or test"
        purpose=$2
        shift
        ;;
      --list) list_only=true ;;
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
  say "error: $1; see deploy/setup.sh --help"
  exit 64
}

groups() { if [[ $purpose == test ]]; then echo "build run test"; else echo "build run"; fi; }

# Lines "<group> <package> <why>" of what is missing.
missing_packages() {
  local group name why package program installed
  installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p')
  while read -r group name why; do
    [[ $group != '#'* && -n $group && " $(groups) " == *" $group "* ]] || continue
    package=${name%%|*}
    program=${name#"$package"}
    program=${program#|}
    grep -qxF "$package" <<<"$installed" && continue
    [[ -n $program ]] && command -v "$program" >/dev/null && continue
    printf '%s %s %s\n' "$group" "$package" "$why"
  done <"$root/deploy/packages.txt"
}

check_system() {
  local name="this system" id="" version=""
  if [[ -r /etc/os-release ]]; then
    # shellcheck source=/dev/null
    id=$(. /etc/os-release && echo "${ID:-}") version=$(. /etc/os-release && echo "${VERSION_ID:-}")
    # shellcheck source=/dev/null
    name=$(. /etc/os-release && echo "${PRETTY_NAME:-this system}")
  fi
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    fail "cannot install packages on $name: it has no apt-get; install the equivalents of" \
      "deploy/packages.txt yourself, then run this again with MODELWATCH_SKIP_APT=1"
  fi
  if [[ $id != debian || $version != 12 ]]; then
    say "warning: $name is not Debian 12, the only system this is tested on; going on"
  fi
}

# Prints the command prefix that gives the right to install: nothing, or sudo.
privilege() {
  if [[ $(id -u) == 0 ]]; then return; fi
  command -v sudo >/dev/null ||
    fail "cannot install Debian packages as $(id -un): not root, and there is no sudo;" \
      "run deploy/setup.sh --for $purpose once as root, then repeat this as yourself"
  sudo -v >&2 ||
    fail "cannot install Debian packages as $(id -un): sudo refused;" \
      "run deploy/setup.sh --for $purpose once as root, then repeat this as yourself"
  echo sudo
}

apt() {
  # shellcheck disable=SC2086  # $as_root is one word or none
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::Retries=3 \
    -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
}

install_debian_packages() {
  local missing as_root names
  if [[ -n ${MODELWATCH_SKIP_APT:-} ]]; then
    say "Debian packages: left to you (MODELWATCH_SKIP_APT is set)"
    return
  fi
  check_system
  missing=$(missing_packages)
  if [[ -z $missing ]]; then
    say "Debian packages ($(groups)): all there"
    return
  fi
  say "Debian packages to install, and why:"
  awk '{ name = $2; group = $1; $1 = $2 = ""; printf "  %-6s%-26s%s\n", group, name, $0 }' <<<"$missing" >&2
  if $list_only; then return; fi
  as_root=$(privilege)
  names=$(awk '{ print $2 }' <<<"$missing")
  SAY_TAIL=6 run_logged "apt-get update" "$logs/apt-update.log" retry 2 apt -o APT::Update::Error-Mode=any update ||
    say "warning: some package lists could not be fetched; trying with what is there"
  # shellcheck disable=SC2086  # one word a package
  SAY_TAIL=6 run_logged "apt-get install" "$logs/apt-install.log" apt install -y --no-install-recommends $names ||
    fail "apt-get could not install the packages above (the whole log: $logs/apt-install.log):" \
      "check the network and /etc/apt/sources.list, then run this again; it goes on where it stopped"
}

# A private pip: Debian's own Python is externally managed and stays as it is.
make_python() {
  if [[ -x $deps/python/bin/pip ]]; then return; fi
  rm -rf "$deps/python"
  run_logged "make .deps/python" "$logs/python.log" "$python" -m venv "$deps/python" ||
    fail "could not make a Python environment in $deps/python:" \
      "is python3-venv installed? run deploy/setup.sh as root, or apt-get install python3-venv"
}

# digest_of FILE...: one digest over all of them.
digest_of() { sha256sum -- "$@" | cut -d ' ' -f 1 | sha256sum; }

# is_current STAMP FILE...: STAMP says that what is installed came from exactly these files.
is_current() {
  local stamp=$1
  shift
  [[ -f $stamp && $(cat "$stamp") == "$(digest_of "$@")" ]]
}

# unpack_wheel SLUG WHAT: the one wheel that requirements-SLUG.txt pins, as unpack_SLUG.py unpacks it, into
# .deps/tmp/SLUG/unpacked with its stamp.
unpack_wheel() {
  local slug=$1 what=$2 pins=$root/deploy/python/requirements-$1.txt work=$deps/tmp/$1
  rm -rf "$work"
  mkdir -p "$work"
  SAY_TAIL=6 run_logged "download $what" "$logs/$slug-download.log" retry 3 \
    "$deps/python/bin/pip" --disable-pip-version-check download --no-deps --only-binary=:all: \
    --python-version 3.11 --require-hashes --progress-bar off -d "$work" -r "$pins" ||
    fail "could not download $what from PyPI (the whole log: $logs/$slug-download.log):" \
      "check the network or pip's index setting, then run this again"
  run_logged "unpack $what" "$logs/$slug-unpack.log" \
    "$python" "$root/deploy/python/unpack_$slug.py" "$work"/*.whl "$work/unpacked" ||
    fail "could not unpack $what into $work: see $logs/$slug-unpack.log"
  digest_of "$pins" >"$work/unpacked/.stamp"
}

install_licence_texts() {
  local pins=$root/deploy/python/requirements-corpus.txt work=$deps/tmp/corpus
  local target=$deps/licences/scancode
  if is_current "$target/.stamp" "$pins"; then
    say "licence texts: all there"
    return
  fi
  say "licence texts: the ScanCode licence data from PyPI, pinned (126 MB), into .deps/licences/scancode"
  if $list_only; then return; fi
  make_python
  unpack_wheel corpus "the licence texts"
  rm -rf "$target"
  mkdir -p "$(dirname "$target")"
  mv "$work/unpacked" "$target"
  rm -rf "$work"
}

install_arrow() {
  local pins=$root/deploy/python/requirements-arrow.txt work=$deps/tmp/arrow target=$deps/arrow
  if is_current "$target/.stamp" "$pins"; then
    say "Apache Arrow C++: all there"
    return
  fi
  say "Apache Arrow C++ (writes Parquet): the libraries of the pyarrow wheel from PyPI, pinned (55 MB), into .deps/arrow"
  if $list_only; then return; fi
  make_python
  unpack_wheel arrow "Apache Arrow"
  rm -rf "$target"
  mv "$work/unpacked" "$target"
  rm -rf "$work"
}

install_python_clients() {
  local pins=$root/deploy/python/requirements-test.txt stamp=$deps/python/.stamp-test
  local readers=$root/deploy/python/requirements-exports.txt
  local judges=$root/deploy/python/requirements-bom.txt
  if is_current "$stamp" "$pins" "$readers" "$judges"; then
    say "Python packages for tests: all there"
    return
  fi
  say "Python packages for tests: the Hub's official client, readers of Parquet and judges of SPDX, pinned, into .deps/python"
  if $list_only; then return; fi
  make_python
  SAY_TAIL=6 run_logged "install the Python packages" "$logs/pip.log" retry 3 \
    "$deps/python/bin/pip" --disable-pip-version-check install --no-deps --only-binary=:all: \
    --require-hashes --progress-bar off -r "$pins" ||
    fail "could not install the Python packages of $pins (the whole log: $logs/pip.log):" \
      "check the network or pip's index setting, then run this again"
  # Two of them come as source; they are built with the environment's own setuptools, offline.
  SAY_TAIL=6 run_logged "install the readers of Parquet and judges of SPDX" "$logs/pip-exports.log" retry 3 \
    "$deps/python/bin/pip" --disable-pip-version-check install --no-deps --no-build-isolation \
    --only-binary=:all: --no-binary=jsonpath-rw,halo --require-hashes --progress-bar off \
    -r "$readers" -r "$judges" ||
    fail "could not install the Python packages of $readers and $judges (the whole log: $logs/pip-exports.log):" \
      "check the network or pip's index setting, then run this again"
  digest_of "$pins" "$readers" "$judges" >"$stamp"
}

npm_ci() { (cd "$deps/npm" && npm ci --ignore-scripts --no-audit --no-fund); }

install_npm_packages() {
  local from=$root/deploy/npm stamp=$deps/npm/node_modules/.stamp
  if is_current "$stamp" "$from/package.json" "$from/package-lock.json"; then
    say "npm packages: all there"
    return
  fi
  say "npm packages: the SPDX licence list and (for tests) the Hub's client and a reader of Parquet, pinned, into .deps/npm"
  if $list_only; then return; fi
  mkdir -p "$deps/npm"
  cp "$from/package.json" "$from/package-lock.json" "$deps/npm/"
  SAY_TAIL=6 run_logged "install the npm packages" "$logs/npm.log" retry 3 npm_ci ||
    fail "could not install the npm packages of $from (the whole log: $logs/npm.log):" \
      "check the network or npm's registry setting, then run this again"
  digest_of "$from/package.json" "$from/package-lock.json" >"$stamp"
}

main() {
  parse_arguments "$@"
  say "Set-up of modelwatch (for: $purpose)"
  install_debian_packages
  mkdir -p "$deps"
  exec 9>"$deps/.lock"
  flock 9   # two set-ups of one checkout wait for each other
  install_licence_texts
  install_arrow
  install_npm_packages
  if [[ $purpose == test ]]; then install_python_clients; fi
}

main "$@"
