# SPDX-License-Identifier: Apache-2.0
"""The labelled sets: where they are read from and what each label is.

Nothing is committed: shared data is unpacked into the working folder, packages are read where
deploy/setup.sh put them. A set whose source is absent is None, and the bench says so.
"""

import dataclasses
import hashlib
import json
import os
import pathlib
import re
import subprocess

import vocabulary

ROOT = pathlib.Path(__file__).resolve().parents[3]


def shared_data():
    named = os.environ.get("MODELWATCH_SHARED")
    return (pathlib.Path(named) if named else ROOT.parent / "shared") / "data"


@dataclasses.dataclass(frozen=True)
class Sample:
    """One labelled file. `accepted`: sets of canonical names, each a right answer."""
    name: str
    path: str
    accepted: tuple
    size: int = 0


def _sample(name, path, *accepted):
    return Sample(name, str(path), tuple(frozenset(a) for a in accepted), path.stat().st_size)


def unpack(archive, work):
    """Folder with the contents of a .tar.zst, unpacked once."""
    folder = work / archive.name.split(".")[0]
    if not (folder / ".done").exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["tar", "--zstd", "-xf", archive, "-C", folder], check=True)
        (folder / ".done").touch()
    return folder


def google(words, work):
    """Texts of google/licensecheck with the ids its own tests expect."""
    archive = shared_data() / "licence-tests/google-licensecheck.tar.zst"
    if not archive.exists():
        return None
    folder = unpack(archive, work)
    samples = []
    for line in (folder / "labels.jsonl").read_text().splitlines():
        row = json.loads(line)
        expected = set().union(*(words.names(e) for e in row["expected"])) if row["expected"] else set()
        samples.append(_sample(row["file"], folder / row["file"], expected))
    return samples


def spdx(words, work):
    """Texts of the SPDX list, one file each. Ids with the same words are all right answers."""
    package = ROOT / ".deps/npm/node_modules/spdx-license-list"
    if not (package / "spdx-full.json").exists():
        return None
    entries = vocabulary.read_spdx_list(package)
    folder = work / "spdx"
    folder.mkdir(parents=True, exist_ok=True)
    twins, samples = {}, []
    for name, entry in sorted(entries.items()):
        twins.setdefault(words_of(entry["licenseText"]), []).append(name)
    for name, entry in sorted(entries.items()):
        path = folder / f"{name}.txt"
        text = entry["licenseText"].encode()
        if not path.exists() or path.read_bytes() != text:
            path.write_bytes(text)
        accepted = {}
        for same in twins[words_of(entry["licenseText"])]:
            for label in spdx_labels(words, same):
                accepted[frozenset(label)] = True
        samples.append(_sample(name, path, *accepted))
    return samples


def words_of(text):
    return " ".join(re.findall(r"\w+", text.lower()))


def spdx_labels(words, name):
    """Right answers for an SPDX id. Texts of the old "GPL-x-with-y" ids hold the exception alone, so
    that alone is right too, and so is either reading of "GPL-x"."""
    if "-with-" not in name:
        return [words.names(name)]
    base, exception = name.split("-with-", 1)
    parts = words.names(name) if words.knows(name) else (
        words.names(base) | words.names(exception.replace("exception", "exception-2.2")))
    alone = {p for p in parts if "exception" in p}
    bases = (words.names(base), words.names(base + "+"))
    return [parts, alone] + [alone | b for b in bases]


def scancode(words, work):
    """ScanCode's fixtures: regenerated from its own output, so a measure of compatibility."""
    archive = shared_data() / "licence-tests/scancode-public.tar.zst"
    if not archive.exists():
        return None
    folder = unpack(archive, work)
    samples = []
    for label in sorted(folder.rglob("*.yml")):
        path = label.with_suffix("")
        if not path.is_file():
            continue
        # Reads as front matter does: scalars and a list of expressions.
        fields = vocabulary.read_front_matter("---\n" + label.read_text() + "\n---\n")
        expressions = fields.get("license_expressions") or []
        expected = set()
        for expression in expressions if isinstance(expressions, list) else [expressions]:
            expected |= words.expression(expression)
        samples.append(_sample(str(path.relative_to(folder)), path, expected))
    return samples


def every(samples, count):
    """A deterministic sample of at most `count`, by hash of the name: no order of files favours it."""
    if len(samples) <= count:
        return samples
    ranked = sorted(samples, key=lambda s: hashlib.sha256(s.name.encode()).hexdigest())
    return sorted(ranked[:count], key=lambda s: s.name)
