# SPDX-License-Identifier: Apache-2.0
"""Unpacks the licence data, and nothing else, of a scancode-toolkit-mini wheel.

    unpack_corpus.py WHEEL TARGET

makes TARGET/{licenses,rules} and TARGET/notices (the licence and notice files of the data).
"""

import os
import shutil
import sys
import zipfile

PARTS = {
    "licensedcode/data/licenses/": "licenses",
    "licensedcode/data/rules/": "rules",
}


def target_of(name: str) -> str | None:
    """The path below TARGET where an entry belongs, or None when it is not wanted."""
    if name.endswith("/") or ".." in name.split("/"):
        return None
    for prefix, folder in PARTS.items():
        if name.startswith(prefix) and "/" not in name[len(prefix):]:
            return os.path.join(folder, name[len(prefix):])
    base = os.path.basename(name)
    if ".dist-info/licenses/" in name and (base == "NOTICE" or base.endswith(".LICENSE")):
        return os.path.join("notices", base)
    if name.startswith("licensedcode/data/") and base.endswith(".ABOUT"):
        return os.path.join("notices", base)
    return None


def main(wheel: str, target: str) -> int:
    counts: dict[str, int] = {}
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            path = target_of(entry.filename)
            if path is None:
                continue
            full = os.path.join(target, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with archive.open(entry) as source, open(full, "wb") as out:
                shutil.copyfileobj(source, out)
            counts[os.path.dirname(path)] = counts.get(os.path.dirname(path), 0) + 1
    print(", ".join(f"{count} {folder}" for folder, count in sorted(counts.items())))
    missing = [folder for folder in (*PARTS.values(), "notices") if not counts.get(folder)]
    if missing:
        print(f"error: {wheel} holds no {', '.join(missing)}: not the package that was pinned")
        return 1
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        sys.exit(64)
    sys.exit(main(sys.argv[1], sys.argv[2]))
