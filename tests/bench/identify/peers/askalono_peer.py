# SPDX-License-Identifier: Apache-2.0
"""askalono over the paths on standard input: one JSON line a file.

    askalono_peer.py PROGRAM

Uses its batch mode with --optimize, which also tries parts of a text. CPU time is read from /proc
after each answer; its clock ticks are 10 ms, so means are good and percentiles coarse.
"""

import json
import os
import subprocess
import sys
import tempfile

TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")


def cpu_ms(pid):
    fields = open(f"/proc/{pid}/stat", encoding="ascii").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * TICK_MS


def main():
    process = subprocess.Popen([sys.argv[1], "--format", "json", "identify", "--optimize", "--batch"],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)

    def ask(path):
        before = cpu_ms(process.pid)
        process.stdin.write(path + "\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline())
        return answer, cpu_ms(process.pid) - before

    with tempfile.NamedTemporaryFile("w", suffix=".txt") as warm:
        warm.write("nothing\n")
        warm.flush()
        ask(warm.name)
    print(json.dumps({"start_s": cpu_ms(process.pid) / 1000}), flush=True)
    for line in sys.stdin:
        path = line.rstrip("\n")
        answer, spent = ask(path)
        result = answer.get("result") or {}
        found = {part["license"]["name"] for part in result.get("containing") or []}
        if result.get("license"):
            found.add(result["license"]["name"])
        print(json.dumps({"path": path, "found": sorted(found), "cpu_ms": spent}), flush=True)
    process.stdin.close()
    process.wait()


if __name__ == "__main__":
    main()
