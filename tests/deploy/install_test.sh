#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# deploy/install.sh puts everything where it says, keeps what the operator wrote, and repeats.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

refuse() {
  echo "FAILED: $*"
  exit 1
}

mkdir "$work/build"
printf '#!/bin/sh\n' >"$work/build/modelwatch"
chmod +x "$work/build/modelwatch"
echo corpus >"$work/build/corpus.bin"
echo module >"$work/build/modelwatch-parquet.so"
install() { DESTDIR=$work/stage "$root/deploy/install.sh" --from "$work/build" "$@" 2>"$work/said"; }

install || refuse "a first install"
stage=$work/stage
for file in usr/local/bin/modelwatch usr/local/share/modelwatch/corpus.bin \
  usr/local/lib/modelwatch/modelwatch-parquet.so \
  usr/local/lib/systemd/system/modelwatch.service usr/local/lib/systemd/system/modelwatch-once.timer \
  usr/local/share/doc/modelwatch/operations.md etc/modelwatch/modelwatch.textproto; do
  [[ -s $stage/$file ]] || refuse "$file is not there"
done
[[ $(stat -c %a "$stage/etc/modelwatch/environment") == 600 ]] || refuse "secrets can be read by others"
grep -q 'systemctl enable --now modelwatch.service' "$work/said" || refuse "it does not say how to start"

echo 'crawl { max_tries: 3 }' >"$stage/etc/modelwatch/modelwatch.textproto"
echo 'HF_TOKEN=secret' >"$stage/etc/modelwatch/environment"
install || refuse "a second install"
grep -q 'max_tries: 3' "$stage/etc/modelwatch/modelwatch.textproto" || refuse "settings were overwritten"
[[ -s $stage/etc/modelwatch/modelwatch.textproto.new ]] || refuse "new settings are not beside the old"
grep -q secret "$stage/etc/modelwatch/environment" || refuse "secrets were overwritten"

install --prefix /opt/mw || refuse "another prefix"
grep -q '^ExecStart=/opt/mw/bin/modelwatch' "$stage/etc/systemd/system/modelwatch.service" ||
  refuse "the unit starts a program from elsewhere"

rm "$work/build/corpus.bin"
if install; then refuse "it installed without a corpus"; fi
grep -q '^error: .*no program and corpus' "$work/said" || refuse "the reason: $(cat "$work/said")"
echo "passed"
