# SPDX-License-Identifier: Apache-2.0
"""Pure scoring: an answer against a label, and a set's rate. No files, no programs."""

import collections
import dataclasses

import vocabulary

# Statuses under which modelwatch names a licence as being in the text. FAMILY says that the version
# is not known, UNKNOWN_LICENCE and NONE name nothing.
NAMING = ("EXACT", "MODIFIED", "MENTION")


@dataclasses.dataclass(frozen=True)
class Answer:
    """What a tool says of one file: canonical names, and those that it gives without any flag."""
    found: frozenset
    clean: frozenset
    raw: str = ""


@dataclasses.dataclass(frozen=True)
class Rules:
    """How a set compares. `lenient`: "only" and "or later" are one. `generic`: keys that name a sort
    of statement count (only where the labels know them)."""
    lenient: bool
    generic: bool

    def normal(self, names):
        names = set(names) if self.generic else vocabulary.drop_generic(names)
        return frozenset(vocabulary.collapse_versions(names) if self.lenient else names)


def modelwatch_answer(words, line):
    """Answer of one JSON line of `modelwatch identify`."""
    found, clean = set(), set()
    for entry in line.get("licences", []):
        names = words.names(entry["licence"])
        if entry.get("role") == "change-licence":
            continue  # not in force
        if entry["status"] in NAMING:
            found |= names
        elif entry["status"] == "FAMILY":
            found |= {"family:" + n for n in names}
        if entry["status"] == "EXACT":
            clean |= names
    if not line.get("licences") and line.get("status") in ("EXACT", "MENTION"):
        found |= words.expression(line.get("expression", ""))
    if line.get("status") not in ("EXACT", "MENTION"):
        clean_file = set()
    else:
        clean_file = clean
    raw = f'{line.get("status")} {line.get("expression", "")}'.strip()
    return Answer(frozenset(found), frozenset(clean_file), raw)


def is_right(answer, accepted, rules):
    """Whether the set of licences found is one of the accepted sets, nothing more or less."""
    got = rules.normal(answer.found)
    return any(got == rules.normal(a) for a in accepted)


def rate(samples, answers, rules):
    """(right, of): answers by sample name; a missing answer is a wrong one."""
    right = sum(1 for s in samples
                if s.name in answers and is_right(answers[s.name], s.accepted, rules))
    return right, len(samples)


def key_f1(samples, answers, rules):
    """F1 over single names, the label nearest to the answer counted."""
    hit = given = wanted = 0
    for s in samples:
        got = rules.normal(answers[s.name].found) if s.name in answers else frozenset()
        best = max((rules.normal(a) for a in s.accepted), key=lambda a: len(a & got))
        hit, given, wanted = hit + len(best & got), given + len(got), wanted + len(best)
    return 2 * hit / (given + wanted) if given + wanted else 0.0


def error_kind(answer, accepted, rules):
    """Sort of a wrong answer: none | family | missing | extra | version | other."""
    got = rules.normal(answer.found)
    best = max((rules.normal(a) for a in accepted), key=lambda a: len(a & got))
    if not got:
        return "none"
    if any(n.startswith("family:") for n in got):
        return "family"
    if vocabulary.collapse_versions(got) == vocabulary.collapse_versions(best):
        return "version"
    if got < best:
        return "missing"
    if got > best:
        return "extra"
    return "other"


def errors(samples, answers, rules):
    """Rows (kind, name, wanted, got, raw) of every wrong answer, by kind and name."""
    rows = []
    for s in samples:
        answer = answers.get(s.name, Answer(frozenset(), frozenset(), "no answer"))
        if not is_right(answer, s.accepted, rules):
            wanted = " | ".join(" ".join(sorted(rules.normal(a))) for a in s.accepted)
            rows.append((error_kind(answer, s.accepted, rules), s.name, wanted,
                         " ".join(sorted(rules.normal(answer.found))), answer.raw))
    return sorted(rows)


def error_counts(rows):
    return dict(sorted(collections.Counter(row[0] for row in rows).items()))
