# SPDX-License-Identifier: Apache-2.0
"""Debian's licensecheck over the paths on standard input: one JSON line a file.

Called with batches of files, whole texts. Its own start is measured on an empty file; the CPU time
of a batch, less the start, is spread over its files, so it has a mean and no percentiles.
"""

import json
import os
import re
import resource
import subprocess
import sys
import tempfile

COMMAND = ["licensecheck", "--lines=0", "--machine", "--shortname-scheme=spdx", "--check=.", "--ignore=^$"]
BATCH = 100


def run(paths):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(COMMAND + paths, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done.stdout.decode("utf-8", errors="replace"), spent


GNU = re.compile(r"^(A|L)?(GPL)v?-?(\d)(\.\d)?(\+)?$")
NO_ID = ("", "and", "or", "and/or", "with", "exception", "UNKNOWN", "*No", "copyright*")


def ids(text):
    """Ids of an answer such as "Apache-2.0 and/or MIT [generated file]"; "UNKNOWN" is none. Debian's
    short names of the GNU licences become SPDX ids."""
    words = re.split(r"[\s(),|]+", re.sub(r"\[[^\]]*\]", "", text))
    found = set()
    for word in words:
        gnu = GNU.match(word)
        if gnu:
            word = f"{gnu[1] or ''}GPL-{gnu[3]}{gnu[4] or '.0'}" + ("-or-later" if gnu[5] else "-only")
        if word not in NO_ID:
            found.add(word)
    return sorted(found)


def main():
    with tempfile.NamedTemporaryFile(suffix=".txt") as empty:
        start = run([empty.name])[1]
    print(json.dumps({"start_s": start}), flush=True)
    paths = [line.rstrip("\n") for line in sys.stdin]
    for begin in range(0, len(paths), BATCH):
        batch = paths[begin:begin + BATCH]
        output, spent = run(batch)
        answers = dict(line.split("\t", 1) for line in output.splitlines() if "\t" in line)
        for path in batch:
            print(json.dumps({"path": path, "found": ids(answers.get(path, "UNKNOWN")),
                              "cpu_ms": max(0.0, spent - start) * 1000 / len(batch)}), flush=True)


if __name__ == "__main__":
    main()
