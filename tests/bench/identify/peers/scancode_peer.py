# SPDX-License-Identifier: Apache-2.0
"""ScanCode over the paths on standard input, in one process: one JSON line a file.

Run by the Python that has scancode-toolkit. The first line tells how long the start took: imports
and loading the index. Times are CPU time of this process. `found` is every key of its detections,
`clues` what it reports apart as mere clues.
"""

import json
import re
import sys
import time

begin = time.process_time()
from licensedcode.cache import get_index  # noqa: E402
from scancode.api import get_licenses  # noqa: E402

get_index()
get_licenses(__file__)  # what is loaded at the first file is part of the start
print(json.dumps({"start_s": time.process_time() - begin}), flush=True)


def keys(rows, field):
    found = set()
    for row in rows or []:
        found.update(re.split(r"[\s()]+", row.get(field) or ""))
    return sorted(found - {"AND", "OR", "WITH", ""})


for line in sys.stdin:
    path = line.rstrip("\n")
    start = time.process_time()
    try:
        answer = get_licenses(path, min_score=0)
    except Exception as error:  # a peer's failure on one file is its answer
        answer = {"error": str(error)}
    spent = time.process_time() - start
    print(json.dumps({"path": path, "found": keys(answer.get("license_detections"), "license_expression"),
                      "clues": keys(answer.get("license_clues"), "license_expression"),
                      "cpu_ms": spent * 1000}), flush=True)
