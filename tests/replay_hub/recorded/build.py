#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes releases.csv and moments.csv, the recorded history that the replay hub serves.

    python3 tests/replay_hub/recorded/build.py --shared ../shared [--out DIR]

Reads facts only (names, dates, tags, ids, which licence) and writes facts only: no licence text and no
card text. The columns and the rules for what no source tells are in README.md beside this file.
"""
import argparse
import collections
import csv
import pathlib
import sys
import tempfile

import exports
import expectation
import radar
import sources
import terms
from facts import MOMENT_COLUMNS, parse, read_csv, read_zst_csv

HERE = pathlib.Path(__file__).parent
RELEASE_COLUMNS = ("release id id_rule created_at created_precision pipeline_tag library base_model "
                   "origin eventful source").split()


def write(path, columns, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def gather(shared):
    events = {row["event_id"]: row for row in read_csv(f"{shared}/data/events.csv")}
    histories, _ = radar.read_histories(shared)
    top = {row["model_id"]: row
           for row in read_zst_csv(f"{shared}/data/hf-top-2026-06/top_models.csv.zst")}
    releases = sources.curated_releases(shared, events) + list(sources.azure_releases(events))
    releases += list(sources.interval_releases(events, top))
    taken = {release.name.lower() for release in releases}
    releases += list(exports.radar_releases(histories, events, taken))
    taken |= {release.name.lower() for release in releases}
    taken |= {event["model"].lower() for event in events.values()}
    releases += sources.quiet_top_releases(top, taken, 330)
    return releases, events


def finish(releases, events, book):
    for release in releases:
        release.moments.sort(key=lambda moment: parse(moment["date"]))
        expectation.fill_revisions(release)
        expectation.judge(book, release)
        for moment in release.moments:
            moment["id"] = release.id
            moment["label"] = events.get(moment["event"], {}).get("direction", "")
    releases.sort(key=lambda release: (release.created, release.id))


def report(releases, moments):
    counts = collections.Counter((m["kind"], m["what"], m["alert"]) for m in moments)
    for (kind, what, alert), count in sorted(counts.items()):
        print(f"{count:5} {kind:9} {what:8} alert={alert}")
    real = sum(1 for m in moments if m["kind"] in ("licence", "cosmetic", "gate", "removal", "return"))
    eventful = sum(1 for r in releases if is_eventful(r))
    print(f"{real} licence, gate and removal events; {eventful} eventful and "
          f"{len(releases) - eventful} uneventful releases")


def is_eventful(release):
    return any(m["kind"] not in ("first", "push") for m in release.moments)


def compare(out):
    """0 when the tables here are what the facts give, else 1."""
    different = [name for name in ("releases.csv", "moments.csv")
                 if (HERE / name).read_bytes() != (pathlib.Path(out) / name).read_bytes()]
    for name in different:
        print(f"{HERE / name} is not what build.py makes; run build.py and look at the difference")
    return 1 if different else 0


def build(out, shared):
    releases, events = gather(shared)
    finish(releases, events, terms.Terms(shared))
    moments = sorted((m for r in releases for m in r.moments), key=lambda m: (parse(m["date"]), m["id"]))
    write(pathlib.Path(out) / "releases.csv", RELEASE_COLUMNS, [row_of(r) for r in releases])
    write(pathlib.Path(out) / "moments.csv", MOMENT_COLUMNS, moments)
    report(releases, moments)


def row_of(r):
    return {"release": r.name, "id": r.id, "id_rule": "real" if r.real_id else "derived",
            "created_at": r.created, "created_precision": r.precision, "pipeline_tag": r.pipeline,
            "library": r.library, "base_model": r.base_model, "origin": r.origin,
            "eventful": "yes" if is_eventful(r) else "no", "source": r.source}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", required=True, help="directory that has data/ in it")
    parser.add_argument("--out", default=str(HERE))
    parser.add_argument("--check", action="store_true", help="compare with the tables here")
    options = parser.parse_args()
    if not options.check:
        build(options.out, options.shared)
        return 0
    if not pathlib.Path(options.shared, "data", "events.csv").exists():
        print(f"skipped: the facts are not beside this checkout ({options.shared}/data)")
        return 77
    with tempfile.TemporaryDirectory() as out:
        build(out, options.shared)
        return compare(out)


if __name__ == "__main__":
    sys.exit(main())
