#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes hf_2026_08.csv: what a monitor must say when the exports of 2026-08 are replayed to it.

    python3 tests/e2e/expected/hf_2026_08.py --shared ../shared [--check]

Written from the data alone: it shares no code with the replay hub's loader or with the evaluator. The
replay: the crawler sees the hub at each of the seven exports, and once more long after the last.
"""
import argparse
import collections
import csv
import datetime
import io
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent / "replay_hub" / "recorded"))
sys.dont_write_bytecode = True

import radar  # noqa: E402
import terms  # noqa: E402

HOLD_DOWN = datetime.timedelta(hours=12)  # PolicyConfig.access_hold_down_ms
COLUMNS = "release created_at export export_time event before after direction alert alert_export why".split()


class Life:
    """One `_id`: what the exports show of one name with one creation time, from first sight on."""

    def __init__(self, exports, states):
        self.exports, self.states, self.rows = exports, states, []
        self.waiting = None  # (row, due): an access alert in its hold-down

    def follow(self, book):
        """Fills `rows`. States before the first present one were never seen by anybody."""
        seen = None
        for state in self.states:
            self.pass_time(state.export)
            if seen is None:
                seen = state if state.present else None
                continue
            self.compare(book, seen, state)
            seen = state
        self.pass_time(None)
        return self.rows

    def pass_time(self, export):
        """Raises what is due at any export up to `export` (None: long after the last)."""
        if not self.waiting:
            return
        row, due = self.waiting
        later = [e for e in self.exports if time_of(e) >= due and (not export or e.index <= export.index)]
        if later or export is None:
            row.update(alert="yes", alert_export=later[0].index if later else "after")
            self.waiting = None

    def compare(self, book, old, new):
        if old.present and not new.present:
            self.wait(self.add(new, "removal", "present", "gone", "tighter", "gone for the hold-down"))
        elif new.present and not old.present:
            self.add(new, "return", "gone", "present", "looser", "")
            if self.waiting and self.waiting[0]["event"] != "licence":
                self.drop("back before the hold-down was over")
        if not (old.present and new.present):
            return
        if (old.licences, old.license_name) != (new.licences, new.license_name):
            self.licence(book, old, new)
        elif old.record["license"] != new.record["license"]:
            self.add(new, "reparse", str(old.record["license"]), str(new.record["license"]), "same",
                     "the exporter's own reading changed, the tags did not")
        if old.gated != new.gated:
            words = ("auto", "open") if old.gated else ("open", "auto")
            row = self.add(new, "gate" if new.gated else "ungate", *words,
                           "tighter" if new.gated else "looser",
                           "users must log in and agree, for the hold-down" if new.gated else "")
            if new.gated:
                self.wait(row)

    def licence(self, book, old, new):
        before, after = (book.of(state.licences, state.license_name, []) for state in (old, new))
        direction, lost, _ = book.move(before, after)
        row = self.add(new, "licence", declared(old), declared(new), direction, " ".join(lost))
        if terms.is_news(lost):
            row.update(alert="yes", alert_export=new.export.index)
        elif is_known(before) and not is_known(after):
            row["why"] = "withdrawn, for the hold-down: nothing is stated any more, or a name that nobody knows"
            self.wait(row)
        elif is_known(after) and self.waiting and self.waiting[0]["event"] == "licence":
            self.drop("stated again before the hold-down was over")

    def add(self, state, event, before, after, direction, why):
        row = dict(release=state.name, created_at=state.created, export=state.export.index,
                   export_time=time_of(state.export).strftime("%Y-%m-%dT%H:%M:%SZ"), event=event,
                   before=before, after=after, direction=direction, alert="no", alert_export="", why=why)
        self.rows.append(row)
        return row

    def wait(self, row):
        if self.waiting and self.waiting[0]["event"] == "licence":
            self.waiting[0].update(alert="yes", alert_export=row["export"])  # one waits at a time
        elif self.waiting:
            self.drop("its access moved on before the hold-down was over")
        self.waiting = (row, time_of(self.exports[row["export"]]) + HOLD_DOWN)

    def drop(self, why):
        if self.waiting:
            self.waiting[0]["why"] = why
            self.waiting = None


def is_known(terms):
    return terms != [(0, 3)] * len(terms)


def time_of(export):
    return datetime.datetime.fromisoformat(export.date).astimezone(datetime.timezone.utc)


def declared(state):
    name = f" ({state.license_name})" if state.license_name else ""
    return "|".join(state.licences) + name


def lives_of(states):
    """Splits a path's states by creation time; the old life ends where the next one begins."""
    lives = []
    for state in states:
        if lives and lives[-1][-1].created != state.created:
            before = lives[-1][-1]
            if before.present:
                lives[-1].append(before._replace(export=state.export, present=False))
            lives.append([])
        elif not lives:
            lives.append([])
        lives[-1].append(state)
    return lives


def read(shared):
    histories, exports = radar.read_histories(shared)
    book, rows = terms.Terms(shared), []
    for states in histories.values():
        lives = lives_of(states)
        for number, life in enumerate(lives):
            mine = Life(exports, life).follow(book)
            if number + 1 < len(lives) and mine and mine[-1]["event"] == "removal":
                mine[-1]["why"] = "the name was taken over by another id"
            rows += mine
    rows.sort(key=lambda row: (row["export"], row["release"], row["created_at"], row["event"]))
    return rows, len(histories)


def text_of(rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def report(rows, paths):
    print(f"{paths} records")
    counts = collections.Counter((row["event"], row["direction"], row["alert"]) for row in rows)
    for (event, direction, alert), count in sorted(counts.items()):
        print(f"{count:5} {event:8} {direction:8} alert={alert}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", required=True, help="directory that has data/ in it")
    parser.add_argument("--check", action="store_true", help="compare with the table here")
    options = parser.parse_args()
    if not pathlib.Path(options.shared, "data", "hf-2026-08").exists():
        print(f"skipped: the exports are not beside this checkout ({options.shared}/data)")
        return 77
    rows, paths = read(options.shared)
    report(rows, paths)
    target = HERE / "hf_2026_08.csv"
    if options.check:
        return 0 if target.read_text(encoding="utf-8") == text_of(rows) else 1
    target.write_text(text_of(rows), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
