# SPDX-License-Identifier: Apache-2.0
"""The licence texts that the bench edits, and the half each belongs to."""

import hashlib
import os
import pathlib
import re

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]
SCANCODE = REPOSITORY / ".deps/licences/scancode/licenses"
FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.S)

# Of the thousands of installed licences: those that people meet, and a draw of the others.
USUAL = """mit apache-2.0 bsd-new bsd-simplified bsd-original isc zlib gpl-2.0 gpl-3.0 lgpl-2.1 lgpl-3.0 agpl-3.0
mpl-2.0 epl-2.0 eupl-1.2 cddl-1.0 artistic-2.0 unlicense cc0-1.0 cc-by-4.0 cc-by-sa-4.0 cc-by-nc-4.0
cc-by-nc-sa-4.0 cc-by-nd-4.0 odbl-1.0 cdla-permissive-2.0 upl-1.0 bsl-1.0 afl-3.0 ms-pl osl-3.0 elastic-license-v2
sspl bsl-1.1 polyform-noncommercial-1.0.0 polyform-small-business-1.0.0 commons-clause hippocratic-3.0
postgresql python psf-2.0 ofl-1.1 x11 ncsa""".split()
DRAWN = 60


def shared_data():
    return pathlib.Path(os.environ.get("MODELWATCH_SHARED_DATA", REPOSITORY.parent / "shared/data"))


def half_of(name):
    """"tuned" or "held-out", by a hash of the licence's name: rules were written looking at the first alone."""
    return "tuned" if hashlib.sha256(name.encode()).digest()[0] % 2 == 0 else "held-out"


def _read(path):
    return FRONT_MATTER.sub("", path.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n"), count=1)


def licence_texts():
    """Name -> text: the shared AI licences, the usual ones, and a draw of the other installed ones."""
    texts = {}
    for path in sorted((shared_data() / "ai-licences").glob("*.LICENSE")):
        texts[path.stem] = _read(path)
    for key in USUAL:
        path = SCANCODE / f"{key}.LICENSE"
        if path.exists() and key not in texts:
            texts[key] = _read(path)
    rest = [p for p in SCANCODE.glob("*.LICENSE") if p.stem not in texts and 1500 < p.stat().st_size < 60_000]
    rest.sort(key=lambda p: hashlib.sha256(b"draw" + p.stem.encode()).digest())
    for path in rest[:DRAWN]:
        texts[path.stem] = _read(path)
    return texts
