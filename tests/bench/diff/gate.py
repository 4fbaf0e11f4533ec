#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What must never regress, as a test: the direction of edits that are right by construction.

  gate.py --pairs PROGRAM --corpus FILE [--share 0.1]

Exit 0 held, 1 broken (the wrong answers are printed), 77 without the licence texts.
"""

import argparse
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import run  # noqa: E402
import texts  # noqa: E402

# Below what was reached on the half that no rule was written on (docs/terms.md).
FLOORS = {"neutral": 0.98, "telling": 0.95}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--pairs", required=True)
    parser.add_argument("--corpus", required=True)
    parser.add_argument("--share", type=float, default=0.1)
    options = parser.parse_args()
    if not texts.SCANCODE.exists() or not (texts.shared_data() / "ai-licences").exists():
        print(f"skipped: no licence texts in {texts.SCANCODE} or no shared data in {texts.shared_data()}")
        return 77
    made = run.cases(None, options.share)
    run.judge(options.pairs, options.corpus, made)
    broken = False
    for name, is_neutral in (("neutral", True), ("telling", False)):
        sums = run.totals(made, is_neutral)
        for half in run.HALVES:
            right, all_cases, wrong = sums[half]
            share = right / max(1, all_cases)
            print(f"{name}, {half}: {right} of {all_cases} = {share:.3f} (at least {FLOORS[name]}), {wrong} wrong")
            broken = broken or share < FLOORS[name]
    for case in made:
        if broken and not case.is_right:
            print(f"{case.kind} {case.licence}: expected {case.expected}, got {case.shift['direction']}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
