# SPDX-License-Identifier: Apache-2.0
"""What monitoring names is what the program counts.

The Prometheus files are well-formed; every metric that they or docs/operations.md name is one that the
code makes; every metric that the code makes, and every alert rule, is described in docs/operations.md.
Exit 77 = skipped.
"""

import pathlib
import re
import subprocess
import shutil
import sys

try:
    import yaml
except ImportError:
    print("skipped: no python3-yaml here")
    sys.exit(77)

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROOMS = ("common", "crawler", "indexer", "evaluator", "cli")
NAME = re.compile(r"\bmodelwatch_[a-z_]+\b")
PARTS_OF_HISTOGRAM = re.compile(r"_(bucket|sum|count)$")


def names_in(text: str) -> set[str]:
    return {PARTS_OF_HISTOGRAM.sub("", name) for name in NAME.findall(text)}


def made_by_the_code() -> set[str]:
    made = set()
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.cc"):
            made |= set(re.findall(r'"(modelwatch_[a-z_]+)"', path.read_text()))
    return made


def check_rules(failures: list[str]) -> str:
    path = ROOT / "deploy/prometheus/modelwatch-rules.yml"
    text = path.read_text()
    for group in yaml.safe_load(text)["groups"]:
        for rule in group["rules"]:
            for key in ("alert", "expr", "labels", "annotations"):
                if key not in rule:
                    failures.append(f"rule {rule.get('alert')} has no {key}")
            if rule.get("labels", {}).get("severity") not in ("critical", "warning"):
                failures.append(f"rule {rule.get('alert')} has no severity")
    if shutil.which("promtool"):
        done = subprocess.run(["promtool", "check", "rules", path], capture_output=True, text=True)
        if done.returncode != 0:
            failures.append(f"promtool: {done.stderr}")
    return text


def main() -> int:
    failures: list[str] = []
    scrape = yaml.safe_load((ROOT / "deploy/prometheus/modelwatch.yml").read_text())
    if scrape["rule_files"] != ["modelwatch-rules.yml"]:
        failures.append("modelwatch.yml does not read modelwatch-rules.yml")
    rules = names_in(check_rules(failures))
    described = names_in((ROOT / "docs/operations.md").read_text())
    made = made_by_the_code()
    failures += [f"the rules name {name}, which nothing counts" for name in sorted(rules - made)]
    failures += [f"operations.md describes {name}, which nothing counts"
                 for name in sorted(described - made)]
    failures += [f"{name} is not described in operations.md" for name in sorted(made - described)]
    rule_ids = re.findall(r'^  id: "([a-z-]+)"',
                          (ROOT / "evaluator/policy/builtin.textproto").read_text(), re.MULTILINE)
    operations = (ROOT / "docs/operations.md").read_text()
    failures += [f"alert rule {rule} is not described in operations.md"
                 for rule in rule_ids if f"`{rule}`" not in operations]
    for failure in failures:
        print(f"FAILED: {failure}")
    print(f"{len(made)} metrics, {len(rules)} of them in rules")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
