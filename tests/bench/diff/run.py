#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Edits licence texts by rules whose direction is known, and asks the differ for the direction of each edit.

  run.py --pairs PROGRAM --corpus FILE [--half tuned|held-out] [--kind K]... [--share S] [--show N]

PROGRAM is diff_pairs. Prints a Markdown table: one row a kind of edit, right answers of both halves.
"""

import argparse
import collections
import json
import pathlib
import random
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import neutral_edits  # noqa: E402
import telling_edits  # noqa: E402
import texts  # noqa: E402

HALVES = ("tuned", "held-out")


class Case:
    def __init__(self, kind, expected, licence, old, new):
        self.kind, self.expected, self.licence, self.old, self.new = kind, expected, licence, old, new
        self.half = texts.half_of(licence)
        self.shift = {}

    @property
    def is_right(self):
        return self.shift["direction"] == self.expected


def cases(kinds, share=1.0):
    made = []
    for licence, text in texts.licence_texts().items():
        for group, expected, reverse in ((neutral_edits.EDITS, "same", "same"), (telling_edits.EDITS, "tighter", "looser")):
            for kind, edit in group.items():
                if kinds and kind not in kinds:
                    continue
                chance = random.Random(f"{licence}/{kind}")
                if chance.random() >= share:
                    continue
                edited = edit(text, chance)
                if edited is None or edited == text:
                    continue
                # Which way round is drawn, so that both directions are asked of every kind.
                if expected == "same" or chance.random() < 0.5:
                    made.append(Case(kind, expected, licence, text, edited))
                else:
                    made.append(Case(kind, reverse, licence, edited, text))
    return made


def judge(program, corpus, made):
    with tempfile.TemporaryDirectory() as work:
        lines = []
        for i, case in enumerate(made):
            paths = [pathlib.Path(work) / f"{i}.{side}" for side in ("old", "new")]
            for path, text in zip(paths, (case.old, case.new)):
                path.write_text(text, encoding="utf-8")
            lines.append("\t".join(map(str, paths)))
        out = subprocess.run([program, corpus], input="\n".join(lines) + "\n", capture_output=True, text=True, check=True).stdout
    for case, line in zip(made, out.splitlines(), strict=True):
        case.shift = json.loads(line)


def table(made):
    """Kind -> half -> (right, all, wrong direction claimed)."""
    rows = collections.OrderedDict()
    for case in made:
        row = rows.setdefault(case.kind, {half: [0, 0, 0] for half in HALVES})[case.half]
        row[0] += case.is_right
        row[1] += 1
        row[2] += not case.is_right and case.shift["direction"] != "unclear"
    return rows


def totals(made, is_neutral):
    sums = {half: [0, 0, 0] for half in HALVES}
    for case in made:
        if (case.expected == "same") == is_neutral:
            total = sums[case.half]
            total[0] += case.is_right
            total[1] += 1
            total[2] += not case.is_right and case.shift["direction"] != "unclear"
    return sums


def show_share(row):
    return f"{row[0]}/{row[1]}" + (f" ({row[2]} wrong)" if row[2] else "")


def report(made):
    lines = ["| edit | expected | tuned | held-out |", "|---|---|---|---|"]
    for kind, row in table(made).items():
        expected = "same" if kind in neutral_edits.EDITS else "tighter/looser"
        lines.append(f"| {kind} | {expected} | {show_share(row['tuned'])} | {show_share(row['held-out'])} |")
    for name, is_neutral in (("all neutral", True), ("all telling", False)):
        sums = totals(made, is_neutral)
        lines.append(f"| **{name}** | | " + " | ".join(
            f"{sums[half][0]}/{sums[half][1]} = {sums[half][0] / max(1, sums[half][1]):.3f}, {sums[half][2]} wrong" for half in HALVES) + " |")
    return "\n".join(lines)


def show_differences(case):
    import difflib
    old, new = case.old.split(), case.new.split()
    for op, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op != "equal":
            print("   ", " ".join(old[max(0, a - 14):a]), "[-", " ".join(old[a:b][:60]), "-]{+", " ".join(new[c:d][:60]), "+}", " ".join(old[b:b + 10]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--pairs", required=True)
    parser.add_argument("--corpus", required=True)
    parser.add_argument("--half", choices=HALVES, help="show the wrong ones of this half alone")
    parser.add_argument("--kind", action="append")
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--show", type=int, default=0, help="print so many wrong answers of each kind, with the edit")
    options = parser.parse_args()
    made = cases(options.kind, options.share)
    judge(options.pairs, options.corpus, made)
    shown = collections.Counter()
    for case in made:
        if case.is_right or (options.half and case.half != options.half) or shown[case.kind] >= options.show:
            continue
        shown[case.kind] += 1
        print(f"{case.kind} {case.licence}: expected {case.expected}, got {case.shift['direction']} ({case.shift['kind']}) "
              + " ".join("-" + m["scenario"] for m in case.shift["lost"][:3]) + " " + " ".join("+" + m["scenario"] for m in case.shift["gained"][:3]))
        show_differences(case)
    print(report(made))


if __name__ == "__main__":
    main()
