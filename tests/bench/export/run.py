# SPDX-License-Identifier: Apache-2.0
"""An export of made-up releases, and pyarrow and DuckDB writing the same table, in one run.

    run.py EXPORT_BENCH DIR [RELEASES]

The others start from the table in memory (reading it is not timed), ours from the database: their times are
what writing alone costs. Prints Markdown. Runs with .deps/python (deploy/setup.sh --for test).
"""

import os
import subprocess
import sys
import time

import duckdb
import pyarrow.parquet as parquet

THREADS = 2


def timed(name: str, path: str, write) -> tuple[str, float, int]:
    best = min(run_once(path, write) for _ in range(3))
    return name, best, os.path.getsize(path)


def run_once(path: str, write) -> float:
    start = time.perf_counter()
    write(path)
    return time.perf_counter() - start


def main(bench: str, directory: str, releases: str) -> int:
    ours = subprocess.run([bench, directory, releases, "releases"], check=True, text=True,
                          stdout=subprocess.PIPE).stdout
    print(ours)
    seconds = float(ours.splitlines()[-1].split("|")[3])
    table = parquet.read_table(f"{directory}/export/releases.parquet")
    connection = duckdb.connect()
    connection.execute(f"SET threads = {THREADS}")
    connection.register("releases", table)
    rows = [
        timed("pyarrow write_table", f"{directory}/pyarrow.parquet", lambda path: parquet.write_table(
            table, path, compression="zstd", compression_level=3, row_group_size=50_000,
            write_page_index=True)),
        timed("DuckDB COPY, 2 threads", f"{directory}/duckdb.parquet", lambda path: connection.execute(
            f"COPY releases TO '{path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 50000)")),
    ]
    print("| the same table by | s, best of 3 | MB | our export takes |\n|---|---:|---:|---:|")
    for name, took, size in rows:
        print(f"| {name} | {took:.2f} | {size / 1e6:.1f} | {seconds / took:.1f} times as long |")
    print(f"\nOur file: {os.path.getsize(f'{directory}/export/releases.parquet') / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        print(__doc__, file=sys.stderr)
        sys.exit(64)
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else "300000"))
