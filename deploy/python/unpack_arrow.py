# SPDX-License-Identifier: Apache-2.0
"""Unpacks Apache Arrow C++, and nothing else, of a pyarrow wheel.

    unpack_arrow.py WHEEL TARGET

makes TARGET/include (arrow/ and parquet/), TARGET/lib (libarrow and libparquet, also under the names
that a linker looks for) and TARGET/notices.
"""

import os
import re
import shutil
import sys
import zipfile

LIBRARY = re.compile(r"pyarrow/(lib(?:arrow|parquet)\.so)\.[0-9]+")


def target_of(name: str) -> str | None:
    """The path below TARGET where an entry belongs, or None when it is not wanted."""
    if name.endswith("/") or ".." in name.split("/"):
        return None
    for part in ("arrow", "parquet"):
        if name.startswith(f"pyarrow/include/{part}/"):
            return name.removeprefix("pyarrow/")
    if LIBRARY.fullmatch(name):
        return os.path.join("lib", os.path.basename(name))
    if ".dist-info/licenses/" in name:
        return os.path.join("notices", os.path.basename(name))
    return None


def main(wheel: str, target: str) -> int:
    linked = []
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            path = target_of(entry.filename)
            if path is None:
                continue
            path = os.path.join(target, path)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with archive.open(entry) as source, open(path, "wb") as out:
                shutil.copyfileobj(source, out)
            if library := LIBRARY.fullmatch(entry.filename):
                os.symlink(os.path.basename(path), os.path.join(target, "lib", library[1]))
                linked.append(library[1])
    if sorted(linked) != ["libarrow.so", "libparquet.so"]:
        print(f"error: {wheel} holds other libraries of Arrow than expected: {linked}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        sys.exit(64)
    sys.exit(main(sys.argv[1], sys.argv[2]))
