# SPDX-License-Identifier: Apache-2.0
"""Licences left out of the corpus: which ones, the filtered copy of its sources, and what was said.

`sources` are the folders that the corpus is built from: the ScanCode licences and rules, and the npm
package of the SPDX list. A licence goes with its text, every rule whose expression names it, and the
SPDX texts of its ids.
"""

import collections
import hashlib
import json
import os
import pathlib
import re
import shutil

import false_clear
import sets
import vocabulary


def choose(licences, count=260):
    """`count` keys by hash of the key, among those in use that have a text of 20 words or more."""
    keys = []
    for path in sorted(pathlib.Path(licences).glob("*.LICENSE")):
        text = path.read_text(encoding="utf-8", errors="replace")
        fields = vocabulary.read_front_matter(text)
        if fields.get("is_deprecated") or fields.get("is_generic") or fields.get("is_unknown"):
            continue
        if len(false_clear.body_of(text).split()) >= 20:
            keys.append(fields["key"])
    return sorted(sorted(keys, key=lambda k: hashlib.sha256(k.encode()).hexdigest())[:count])


def _rule_names(path, words):
    fields = vocabulary.read_front_matter(path.read_text(encoding="utf-8", errors="replace"))
    expression = fields.get("license_expression") or ""
    return words.expression(expression if isinstance(expression, str) else " ".join(expression))


def filtered_sources(sources, keys, words, out):
    """Copies of `sources` without `keys`, made of hard links where that works; their folders."""
    out, gone, folders = pathlib.Path(out), set(), []
    for key in keys:
        gone |= words.names(key) | {key}
    shutil.rmtree(out, ignore_errors=True)
    for number, source in enumerate(map(pathlib.Path, sources)):
        target = out / f"{number}-{source.name}"
        target.mkdir(parents=True)
        folders.append(target)
        for path in sorted(source.iterdir()):
            if path.suffix == ".LICENSE" and words.names(path.stem) & gone:
                continue
            if path.suffix == ".RULE" and _rule_names(path, words) & gone:
                continue
            if path.name == "spdx-full.json":
                (target / path.name).write_text(json.dumps(_without(path, gone, words)))
            elif path.is_file():
                _link(path, target / path.name)
    return folders


def _without(path, gone, words):
    return {name: entry for name, entry in json.loads(path.read_text(encoding="utf-8")).items()
            if not words.names(name) & gone}


def _link(path, target):
    try:
        os.link(path, target)
    except OSError:
        shutil.copy(path, target)


def texts(licences, keys, work):
    """Samples: the bare texts of `keys`, front matter removed."""
    folder, samples = pathlib.Path(work), []
    folder.mkdir(parents=True, exist_ok=True)
    for key in keys:
        text = (pathlib.Path(licences) / f"{key}.LICENSE").read_text(encoding="utf-8", errors="replace")
        path = folder / f"{key}.txt"
        path.write_text(false_clear.body_of(text).strip() + "\n", encoding="utf-8")
        samples.append(sets.Sample(key, str(path), (frozenset({key}),), path.stat().st_size))
    return samples


def same_words(licences, key, name, limit=2):
    """Whether the text of `name` is that of `key` under another name: at most `limit` words differ
    outside copyright lines and list numbers, or the two differ in "only" and "or later" alone, which no text tells."""
    def bag(stem):
        path = pathlib.Path(licences) / f"{stem}.LICENSE"
        if not path.exists():
            return None
        body = false_clear.body_of(path.read_text(encoding="utf-8", errors="replace")).lower()
        lines = [re.sub(r"^\s*\(?(\d{1,2}|[a-z])[.)]\s", "", line) for line in body.splitlines()
                 if not re.match(r"\W*copyright ", line)]
        return collections.Counter(re.findall(r"\w+", " ".join(lines)))
    if vocabulary.collapse_versions({key}) == vocabulary.collapse_versions({name}):
        return True
    a, b = bag(key), bag(name)
    return bool(a and b) and ((a - b) + (b - a)).total() <= limit
