# SPDX-License-Identifier: Apache-2.0
"""ScanCode over the paths on standard input, in one process: one JSON line a file.

    scancode_peer.py [LICENCES RULES]

Run by the Python that has scancode-toolkit. With two folders, its index is built from those instead
of being its own: that is how licences are left out. The first line tells how long the start took.
Times are CPU time of this process. `found` is every key of its detections, `clues` what it reports
apart as mere clues, `strong` the keys that look like a whole text: exact or sequence matches of
score 80 and more.
"""

import json
import re
import sys
import time

begin = time.process_time()
from licensedcode.cache import build_index, get_index  # noqa: E402
from scancode.api import get_licenses  # noqa: E402

index = build_index(licenses_data_dir=sys.argv[1], rules_data_dir=sys.argv[2]) if sys.argv[2:] else get_index()
get_licenses(__file__, index=index)  # what is loaded at the first file is part of the start
print(json.dumps({"start_s": time.process_time() - begin}), flush=True)


def keys(rows, field):
    found = set()
    for row in rows or []:
        found.update(re.split(r"[\s()]+", row.get(field) or ""))
    return sorted(found - {"AND", "OR", "WITH", ""})


def strong(detections):
    matches = [m for d in detections or [] for m in d.get("matches") or []]
    return keys([m for m in matches if m.get("score", 0) >= 80 and
                 str(m.get("matcher")).startswith(("1-hash", "3-seq"))], "license_expression")


for line in sys.stdin:
    path = line.rstrip("\n")
    start = time.process_time()
    try:
        answer = get_licenses(path, min_score=0, index=index)
    except Exception as error:  # a peer's failure on one file is its answer
        answer = {"error": str(error)}
    spent = time.process_time() - start
    detections = answer.get("license_detections")
    print(json.dumps({"path": path, "found": keys(detections, "license_expression"),
                      "clues": keys(answer.get("license_clues"), "license_expression"),
                      "strong": strong(detections), "cpu_ms": spent * 1000}), flush=True)
