#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures `modelwatch identify` and its peers, and prints the table of docs/licence-identification.md.

  tests/bench/identify/run.py --program build/release/modelwatch --corpus build/release/corpus.bin

  --sets LIST     of google,spdx,scancode (default: all)
  --errors        also lists every wrong answer: kind, file, wanted, got
  --json FILE     also writes the results as JSON
  --work DIR      where texts are unpacked (default build/bench-identify)

Shared data is read from $MODELWATCH_SHARED, else ../shared beside the checkout; a set whose data is
absent is skipped and named.
"""

import argparse
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import scoring  # noqa: E402
import sets  # noqa: E402
import tools  # noqa: E402
import vocabulary  # noqa: E402

SETS = {"google": (sets.google, False), "spdx": (sets.spdx, False), "scancode": (sets.scancode, True)}


def measure_set(name, samples, answers, generic):
    result = {"files": len(samples)}
    for label, lenient in (("strict", False), ("lenient", True)):
        rules = scoring.Rules(lenient=lenient, generic=generic)
        right, of = scoring.rate(samples, answers, rules)
        result[label] = right / of
        result[label + "_f1"] = scoring.key_f1(samples, answers, rules)
    result["errors"] = scoring.error_counts(scoring.errors(samples, answers, scoring.Rules(True, generic)))
    if generic:
        right, of = scoring.rate(samples, answers, scoring.Rules(False, False))
        result["strict_without_generic"] = right / of
    return result


def print_errors(name, samples, answers, generic):
    for kind, sample, wanted, got, raw in scoring.errors(samples, answers, scoring.Rules(False, generic)):
        print(f"{name}\t{kind}\t{sample}\twanted: {wanted}\tgot: {got}\t[{raw[:160]}]")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--program", default=str(sets.ROOT / "build/release/modelwatch"))
    parser.add_argument("--corpus", default=str(sets.ROOT / "build/release/corpus.bin"))
    parser.add_argument("--licences", default=str(sets.ROOT / ".deps/licences/scancode/licenses"))
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--json")
    parser.add_argument("--work", default=str(sets.ROOT / "build/bench-identify"))
    return parser.parse_args()


def main():
    options = parse_arguments()
    work = pathlib.Path(options.work)
    words = vocabulary.Vocabulary.read(options.licences)
    program = tools.Modelwatch(options.program, options.corpus, words)
    results = {}
    for name in options.sets.split(","):
        load, generic = SETS[name]
        samples = load(words, work)
        if samples is None:
            print(f"{name}: skipped, its data is not here", file=sys.stderr)
            continue
        begin = time.monotonic()
        answers = program.answers(samples)
        results[name] = measure_set(name, samples, answers, generic)
        results[name]["wall_s"] = round(time.monotonic() - begin, 2)
        if options.errors:
            print_errors(name, samples, answers, generic)
        print(name, json.dumps(results[name]), file=sys.stderr)
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
