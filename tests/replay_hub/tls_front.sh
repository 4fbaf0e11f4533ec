#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# HTTP/2 and TLS in front of a replay hub: nghttpx (Debian package nghttp2-proxy) with a certificate
# made for this run.
#
#   tls_front.sh BACKEND_PORT DIRECTORY [expired] [NGHTTPX_FLAG...]
#
# With "expired" the certificate ended yesterday. --frontend-max-requests=N: a GOAWAY after N requests.
# Runs until it is ended (SIGTERM). Once it serves it prints "listening on https://127.0.0.1:PORT" and
# has written DIRECTORY/ca.pem (trust this) and DIRECTORY/port. The names localhost and 127.0.0.1 are
# in the certificate. DIRECTORY/access.log says of each request over which protocol and port it came. SIGUSR1 sends every HTTP/2 client a GOAWAY before the end. nghttpx takes no
# port 0, so a free one is found by trying.
set -euo pipefail

fail() { echo "tls_front.sh: $*" >&2; exit 1; }

make_certificate() {
  {
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
      -keyout "$directory/key.pem" -out "$directory/request.pem" -subj "/CN=replay hub" \
      -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" \
      -addext "basicConstraints=critical,CA:TRUE" &&
      openssl x509 -req -in "$directory/request.pem" -signkey "$directory/key.pem" -days "$days" \
        -copy_extensions copy -out "$directory/ca.pem"
  } >"$directory/openssl.log" 2>&1 ||
    fail "openssl could not make a certificate in $directory; see $directory/openssl.log"
}

# True when nghttpx serves at $1; its process id is then in $child.
try_port() {
  : >"$directory/nghttpx.log"
  # shellcheck disable=SC2016  # the names are nghttpx's
  nghttpx --conf=/dev/null --workers=1 --no-ocsp --log-level=NOTICE --frontend="127.0.0.1,$1" \
    --backend="127.0.0.1,$backend_port" --accesslog-file="$directory/access.log" \
    --accesslog-format='$alpn $remote_port $request' "${flags[@]}" \
    "$directory/key.pem" "$directory/ca.pem" >/dev/null 2>"$directory/nghttpx.log" &
  child=$!
  for _ in $(seq 100); do
    if grep -q "Listening on 127.0.0.1:$1" "$directory/nghttpx.log"; then return 0; fi
    if ! kill -0 "$child" 2>/dev/null; then return 1; fi
    sleep 0.05
  done
  kill "$child" 2>/dev/null || true
  return 1
}

[[ $# -ge 2 ]] || fail "usage: tls_front.sh BACKEND_PORT DIRECTORY [expired] [NGHTTPX_FLAG...]"
backend_port=$1
directory=$2
shift 2
days=2
if [[ ${1:-} == expired ]]; then
  days=-1
  shift
fi
flags=("$@")
child=""
command -v nghttpx >/dev/null || fail "nghttpx is missing: apt-get install nghttp2-proxy"
command -v openssl >/dev/null || fail "openssl is missing: apt-get install openssl"
mkdir -p "$directory"
make_certificate
trap '[[ -z $child ]] || kill "$child" 2>/dev/null || true' EXIT
trap 'exit 0' TERM INT
trap 'kill -QUIT "$child"; wait "$child" || true; child=""; exit 0' USR1
for _ in $(seq 20); do
  port=$((20000 + RANDOM % 12000))
  if try_port "$port"; then
    echo "$port" >"$directory/port.part"
    mv "$directory/port.part" "$directory/port"
    echo "listening on https://127.0.0.1:$port"
    wait "$child"
    exit 1
  fi
done
fail "nghttpx did not start; its last words: $(tail -n 1 "$directory/nghttpx.log")"
