#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures `modelwatch identify` and its peers, and prints the table of docs/licence-identification.md.

  tests/bench/identify/install_peers.sh                  # once
  cmake --build build/release --target modelwatch identify_time_files
  tests/bench/identify/run.py                            # everything, with peers
  tests/bench/identify/run.py --no-peers --errors        # quick, and every wrong answer

  --program, --corpus, --timer   what is measured (default: build/release)
  --from DIR      sources of the corpus, repeated, for the corpora with licences left out
                  (default: those of deploy/build_corpus.sh)
  --only LIST     of google,spdx,scancode,installed,false_clears_real,false_clears_left_out,disguised,open_set,
                  perturbations,times (default: all)
  --share N       part of the perturbed texts, 0 to 1 (default 1)
  --no-peers      modelwatch alone
  --fresh         asks the peers again instead of reading build/bench-identify/peers-answers
  --errors        also lists every wrong answer, tab separated, on standard output
  --json FILE     also writes the results as JSON
  --update FILE   also writes table and figures into FILE, between its lines "<!-- results -->" and
                  "<!-- /results -->"
  --work DIR      where texts are made and unpacked (default build/bench-identify)

Shared data is read from $MODELWATCH_SHARED, else ../shared beside the checkout; what is absent is
skipped and named. ScanCode answers a sample of 300 of the fixtures and of the installed packages.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import measure  # noqa: E402
import peers as peer_tools  # noqa: E402
import perturbed  # noqa: E402
import report  # noqa: E402
import sets  # noqa: E402
import tools  # noqa: E402
import vocabulary  # noqa: E402

SAMPLE = 300
SCANCODE = sets.ROOT / ".deps/licences/scancode"
SOURCES = [SCANCODE / "licenses", SCANCODE / "rules", sets.ROOT / ".deps/npm/node_modules/spdx-license-list"]


def measurements(share):
    """name -> function of the bench."""
    return {
        "google": lambda b: measure.labelled(b, "google", sets.google, False),
        "spdx": lambda b: measure.labelled(b, "spdx", sets.spdx, False),
        "scancode": lambda b: measure.labelled(b, "scancode", sets.scancode, True, SAMPLE),
        "installed": lambda b: measure.installed_packages(b, SAMPLE),
        "false_clears_real": measure.false_clears_real,
        "false_clears_left_out": measure.false_clears_left_out,
        "disguised": measure.disguised,
        "open_set": measure.open_set,
        "perturbations": lambda b: perturbed.perturbations(b, share),
        "times": lambda b: measure.times(
            b, (("scancode", sets.scancode), ("google", sets.google)), SAMPLE),
    }


def parse_arguments():
    release = sets.ROOT / "build/release"
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--program", default=str(release / "modelwatch"))
    parser.add_argument("--corpus", default=str(release / "corpus.bin"))
    parser.add_argument("--timer", default=str(release / "tests/bench/identify/identify_time_files"))
    parser.add_argument("--licences", default=str(SCANCODE / "licenses"))
    parser.add_argument("--from", dest="sources", action="append")
    parser.add_argument("--only", "--sets", default=",".join(measurements(1)))
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--json")
    parser.add_argument("--update")
    parser.add_argument("--work", default=str(sets.ROOT / "build/bench-identify"))
    return parser.parse_args()


def print_rows(rows):
    for row in rows:
        print("\t".join(str(cell)[:200] for cell in row), flush=True)


def bench_of(program, corpus, work, licences=SCANCODE / "licenses", sources=None, peers=(), timer="",
             report_rows=print_rows):
    """The context of the measurements."""
    words = vocabulary.Vocabulary.read(licences)
    return measure.Bench(program=tools.Modelwatch(program, corpus, words), words=words,
                         licences=str(licences), sources=list(map(str, sources or SOURCES)),
                         work=pathlib.Path(work), peers=list(peers), report=report_rows, timer=timer)


def make_bench(options):
    work = pathlib.Path(options.work)
    found = [] if options.no_peers else peer_tools.installed(work / "peers")
    peers = [(p, peer_tools.Answers(p, work / "peers-answers", options.fresh)) for p in found]
    timer = options.timer if pathlib.Path(options.timer).exists() else ""
    return bench_of(options.program, options.corpus, work, options.licences, options.sources, peers, timer,
                    print_rows if options.errors else lambda rows: None)


def commit():
    """Short id of the commit that is checked out, or "an unknown commit"."""
    done = subprocess.run(["git", "-C", str(sets.ROOT), "rev-parse", "--short", "HEAD"], text=True,
                          capture_output=True, check=False)
    return done.stdout.strip() or "an unknown commit"


def main():
    options = parse_arguments()
    bench, results = make_bench(options), {}
    chosen = measurements(options.share)
    for name in options.only.split(","):
        begin = time.monotonic()
        results[name] = chosen[name](bench)
        wall = time.monotonic() - begin
        state = "skipped, its data is not here" if results[name] is None else f"{wall:.1f} s"
        print(f"{name}: {state}", file=sys.stderr, flush=True)
    text = report.markdown(results, [measure.OURS] + [p.name for p, _ in bench.peers])
    text = f"Run on {time.strftime('%Y-%m-%d', time.gmtime())} of {commit()}.\n\n{text}\n\n{report.details(results)}"
    print(text)
    if options.update:
        page = pathlib.Path(options.update)
        page.write_text(report.updated(page.read_text(encoding="utf-8"), text), encoding="utf-8")
    if options.json:
        versions = {p.name: p.version for p, _ in bench.peers}
        pathlib.Path(options.json).write_text(
            json.dumps({"results": results, "peer_versions": versions}, indent=1) + "\n")


if __name__ == "__main__":
    main()
