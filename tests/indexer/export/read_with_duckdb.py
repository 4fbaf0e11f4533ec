# SPDX-License-Identifier: Apache-2.0
"""Reads an export with DuckDB: counts against the manifest, and the ten example queries."""

import json
import os
import sys

import duckdb


def main(directory: str) -> int:
    os.chdir(directory)
    with open("manifest.json", encoding="utf-8") as file:
        manifest = json.load(file)
    for entry in manifest["files"]:
        rows = duckdb.sql(f"SELECT count(*) FROM read_parquet('{entry['name']}')").fetchall()[0][0]
        assert rows == entry["rows"], (entry["name"], rows)
    with open("queries.sql", encoding="utf-8") as file:
        queries = [q for q in file.read().split(";") if "SELECT" in q]
    assert len(queries) == 10, len(queries)
    answers = [duckdb.sql(query).fetchall() for query in queries]
    assert ("CC-BY-NC-4.0", None, 1) in answers[0] or ("CC-BY-NC-4.0", "", 1) in answers[0], answers[0]
    assert answers[1][0][1:] == ("critical", 1), answers[1]
    assert answers[3] == [("owner/b", 1, "CC-BY-NC-4.0")], answers[3]
    assert answers[5] == [("osaid", "no", 1)], answers[5]
    assert [row[2] is None for row in answers[6]] == [False, True], answers[6]
    assert ("first_seen", 2) in [row[1:] for row in answers[7]], answers[7]
    assert answers[8] == [("sell", 1)], answers[8]
    assert answers[9][0][1:3] == ("UNKNOWN_LICENCE", 1), answers[9]
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
