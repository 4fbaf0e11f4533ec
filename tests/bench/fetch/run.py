#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Requests a processor second of our HTTP engine, of wrk, of aiohttp and of undici, in the same run.

    tests/bench/fetch/run.py [--build DIR] [--seconds N] [--rounds N] [--check]

One server process gives 8 KB answers over loopback, bound to one core; the clients take turns on the
other, 64 requests at once, so that trouble on the machine meets all of them. A figure is the median
of the rounds; other programs on the core lower the wall rate, not the rate a processor second. Prints
Markdown. --check: exit status 1 when ours falls below 0.55 of wrk, 10 times aiohttp or 2.5 times
undici. install_peers.sh installs the peers; one that is missing is left out.
"""
import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
PEERS = ROOT / "build" / "bench-fetch" / "peers"
AT_ONCE = 64
TARGETS = {"wrk": 0.55, "aiohttp": 10.0, "undici": 2.5}


def pinned(core, command):
    return ["taskset", "-c", str(core), *command]


def run(command, core, environment=None):
    """The program's output, its processor seconds and its seconds."""
    start = time.monotonic()
    before = os.times()
    done = subprocess.run(pinned(core, command), capture_output=True, text=True, check=False,
                          env={**os.environ, **(environment or {})})
    after = os.times()
    if done.returncode != 0:
        sys.exit(f"{command[0]}: {done.stderr.strip() or done.stdout.strip()}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return done.stdout, cpu, time.monotonic() - start


def ours(build, url, seconds, core):
    out, _, _ = run([str(build / "tests/bench/fetch_bench"), "load", url, str(seconds), str(AT_ONCE)], core)
    return json.loads(out)


def bare(build, url, seconds, core):
    out, _, _ = run([str(build / "tests/bench/fetch_bench"), "bare", url, str(seconds), str(AT_ONCE)], core)
    return json.loads(out)


def wrk(_, url, seconds, core):
    out, cpu, wall = run(["wrk", "-t1", f"-c{AT_ONCE}", f"-d{seconds}s", "-H", "Accept: application/json",
                          url], core)
    requests = int(re.search(r"(\d+) requests in", out).group(1))
    failures = 1 if "Non-2xx" in out or "Socket errors" in out else 0
    return {"requests": requests, "failures": failures, "cpu_s": cpu, "wall_s": wall}


def aiohttp(_, url, seconds, core):
    out, _, _ = run([str(PEERS / "aiohttp/bin/python"), str(HERE / "peers/aiohttp_load.py"), url,
                     str(seconds), str(AT_ONCE)], core)
    return json.loads(out)


def undici(_, url, seconds, core):
    out, _, _ = run(["node", str(HERE / "peers/undici_load.cjs"), url, str(seconds), str(AT_ONCE)], core,
                    {"NODE_PATH": str(PEERS / "node/node_modules")})
    return json.loads(out)


def clients():
    found = {"modelwatch (libcurl)": ours, "libcurl alone, nothing kept": bare}
    for name, client, there in (("wrk", wrk, shutil.which("wrk")),
                                ("aiohttp", aiohttp, (PEERS / "aiohttp/.installed").exists()),
                                ("undici", undici, (PEERS / "node/.installed").exists())):
        if there:
            found[name] = client
        else:
            print(f"{name} is missing: run tests/bench/fetch/install_peers.sh", file=sys.stderr)
    return found


def measure(options):
    """Per client a list of results, the rounds interleaved."""
    build = Path(options.build).resolve()
    server = subprocess.Popen(pinned(0, [str(build / "tests/bench/fetch_bench"), "serve"]),
                              stdout=subprocess.PIPE, text=True)
    try:
        url = server.stdout.readline().split()[-1]
        found = clients()
        results = {name: [] for name in found}
        for _ in range(options.rounds):
            for name, client in found.items():
                results[name].append(client(build, url, options.seconds, os.cpu_count() - 1))
        return results
    finally:
        server.terminate()
        server.wait()


def rate(results, per):
    return statistics.median(one["requests"] / max(one[per], 1e-9) for one in results)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--build", default=str(ROOT / "build/release"))
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    results = measure(options)
    name_of_ours = next(iter(results))
    own = rate(results[name_of_ours], "cpu_s")
    print("| client | requests a processor second | requests a second | failures | ours against it |")
    print("|---|---|---|---|---|")
    short = []
    for name, runs in results.items():
        per_cpu = rate(runs, "cpu_s")
        target = TARGETS.get(name)
        wanted = f" (wanted {target})" if target else ""
        print(f"| {name} | {per_cpu:.0f} | {rate(runs, 'wall_s'):.0f} | {sum(one['failures'] for one in runs)} "
              f"| {own / per_cpu:.2f}{wanted} |")
        if target and own / per_cpu < target:
            short.append(name)
    if short:
        print(f"below the target: {', '.join(short)}", file=sys.stderr)
    return 1 if options.check and short else 0


if __name__ == "__main__":
    sys.exit(main())
