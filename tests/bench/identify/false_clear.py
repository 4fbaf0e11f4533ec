# SPDX-License-Identifier: Apache-2.0
"""False clears: a restrictive or modified text that is given as a bare permissive licence.

Two sets. `real`: licence files of model publishers in the shared data that are restrictive or
modified; the corpus is the whole one. `left_out`: licences of the ScanCode data that hold most of a
permissive licence and more; they are left out of the corpus, as a licence is on its first day.
"""

import collections
import csv
import hashlib
import json
import pathlib
import re

import sets
import vocabulary

PERMISSIVE = ("Permissive", "Public Domain")
# Categorised as permissive, and yet a permissive licence with a condition added.
MODIFIED_KEYS = frozenset({"moonshot-ai-modified-mit-2025"})
# Free licences by the first words of a file; all else that publishers of models put into a LICENSE or
# USE_POLICY file is restrictive. By reading all 90 files.
FREE_HEAD = re.compile(
    r"^\W*(apache license|mit license|mit$|the mit license|bsd [23]-clause|gnu (affero )?general public|"
    r"copyright \(c\) 2008-present the pip|<!doctype|copyright.{0,120}permission is hereby granted, free of)",
    re.I | re.S)
BASES = ("mit", "bsd-new", "bsd-simplified", "apache-2.0", "isc", "zlib", "boost-1.0", "mit-0")
GRAM = 4


def _sample(name, path, keys=()):
    return sets.Sample(name, str(path), (frozenset(keys),), path.stat().st_size)


def real(words):
    """Restrictive or modified files of the shared data, each content once. `accepted` holds the text's
    own key where the ScanCode data has it."""
    data, samples = sets.shared_data(), []
    if not (data / "ai-licences/index.tsv").exists():
        return None
    with (data / "ai-licences/index.tsv").open(encoding="utf-8") as table:
        for row in csv.DictReader(table, delimiter="\t"):
            if row["category"] not in PERMISSIVE or row["key"] in MODIFIED_KEYS:
                samples.append(_sample("ai-licences/" + row["file"], data / "ai-licences" / row["file"],
                                       words.names(row["key"])))
    for line in (data / "licence-history/versions.jsonl").read_text().splitlines():
        row = json.loads(line)
        if row["openness"] not in ("permissive", "copyleft", "network-copyleft", "reference"):
            samples.append(_sample("licence-history/" + row["file"],
                                   data / "licence-history" / row["file"]))
    for line in (data / "licence-texts/index.jsonl").read_text().splitlines():
        row = json.loads(line)
        if row.get("file") and row["size"] > 1000 and not FREE_HEAD.match(row["head"]) \
                and not row["file"].endswith(".pyc"):
            samples.append(_sample("licence-texts/" + row["file"], data / "licence-texts" / row["file"]))
    for path in sorted((data / "licence-edits/texts").iterdir()):
        head = path.read_text(encoding="utf-8", errors="replace")[:2000]
        body = head.split("\n---", 1)[-1] if head.startswith("---") else head
        if not FREE_HEAD.match(body.strip()) and "mit.LICENSE" not in path.name:
            samples.append(_sample("licence-edits/" + path.name, path))
    return distinct(samples)


def distinct(samples):
    seen, kept = set(), []
    for s in samples:
        digest = hashlib.sha256(pathlib.Path(s.path).read_bytes()).digest()
        if digest not in seen:
            seen.add(digest)
            kept.append(s)
    return kept


def grams(text):
    words = re.findall(r"\w+", text.lower())
    return collections.Counter(tuple(words[i:i + GRAM]) for i in range(len(words) - GRAM + 1))


def body_of(text):
    return re.split(r"\n---[ \t]*\n", text, maxsplit=1)[-1] if text.startswith("---") else text


def left_out_keys(licences, share=0.6):
    """Keys of category other than Permissive that hold `share` of a permissive base's 4-grams, and the
    modified ones among the Permissive."""
    folder, keys = pathlib.Path(licences), []
    bases = {b: grams(body_of((folder / f"{b}.LICENSE").read_text(encoding="utf-8"))) for b in BASES}
    for path in sorted(folder.glob("*.LICENSE")):
        text = path.read_text(encoding="utf-8", errors="replace")
        fields = vocabulary.read_front_matter(text)
        if fields.get("is_deprecated") or fields.get("is_generic") or fields.get("is_exception"):
            continue
        own = grams(body_of(text))
        near = any((own & base).total() >= share * base.total() for base in bases.values())
        if fields["key"] in MODIFIED_KEYS or (near and fields.get("category") not in PERMISSIVE):
            keys.append(fields["key"])
    return keys


def is_false_clear(words, answer, accepted):
    """`answer.clean` is what is given without a flag; the text's own key is no false clear."""
    given = vocabulary.drop_generic(answer.clean)
    own = set().union(*accepted)
    restricted = [n for n in answer.found
                  if n in MODIFIED_KEYS or words.category(n) not in PERMISSIVE + ("",)]
    return bool(given) and not restricted and not (given & own) and \
        all(words.category(n) in PERMISSIVE for n in given)
