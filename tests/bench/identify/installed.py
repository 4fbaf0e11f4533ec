# SPDX-License-Identifier: Apache-2.0
"""Licence files of the packages installed on this machine, beside what each package declares.

A set that nobody tuned for: its labels are the declarations of thousands of maintainers. They err
too, and the set differs from machine to machine, so the row is read beside the peers' on the same
files, not as a figure of its own.
"""

import glob
import hashlib
import json
import os
import pathlib
import re

import sets

LICENCE_FILE = re.compile(r"^(un)?(licen[sc]e|copying)([-.](md|txt|rst|mit|apache|bsd|isc|apache-2\.0))*$", re.I)
CLASSIFIERS = {
    "MIT License": "MIT", "Apache Software License": "Apache-2.0", "ISC License (ISCL)": "ISC",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0", "The Unlicense (Unlicense)": "Unlicense",
    "Python Software Foundation License": "PSF-2.0", "zlib/libpng License": "Zlib",
}
DEBIAN = {"expat": "MIT", "mit/x11": "MIT", "bsd-3-clause": "BSD-3-Clause", "bsd-2-clause": "BSD-2-Clause",
          "artistic": "Artistic-1.0-Perl", "psf-2": "PSF-2.0", "zlib/libpng": "Zlib"}


def python_packages():
    for metadata in glob.glob("/usr/lib/python3/dist-packages/*.dist-info/METADATA") + \
            glob.glob(os.path.expanduser("~/.pyenv/versions/*/lib/python3*/site-packages/*.dist-info/METADATA")) + \
            glob.glob(str(sets.ROOT / ".deps/python/lib/python3*/site-packages/*.dist-info/METADATA")) + \
            glob.glob(str(sets.ROOT / "build/bench-identify/peers/scancode/lib/python3*/site-packages/*.dist-info/METADATA")):
        head = pathlib.Path(metadata).read_text(encoding="utf-8", errors="replace").split("\n\n", 1)[0]
        declared = re.findall(r"^License-Expression: (.+)$", head, re.M)
        if not declared:
            classes = re.findall(r"^Classifier: License :: (?:OSI Approved :: )?(.+)$", head, re.M)
            declared = [CLASSIFIERS[c] for c in classes if c in CLASSIFIERS] if len(classes) == 1 else []
        folder = pathlib.Path(metadata).parent
        for path in sorted(list(folder.iterdir()) + list(folder.glob("licenses/*"))):
            if declared and path.is_file() and LICENCE_FILE.match(path.name):
                yield declared[0], path


def node_packages():
    for root in ("/usr/share/nodejs", "/usr/lib/node_modules", "/usr/local/lib/node_modules",
                 str(sets.ROOT / ".deps/npm/node_modules")):
        for package in glob.glob(root + "/**/package.json", recursive=True):
            try:
                declared = json.loads(pathlib.Path(package).read_text(encoding="utf-8")).get("license")
            except (ValueError, OSError, AttributeError):
                continue
            for path in sorted(pathlib.Path(package).parent.iterdir()):
                if isinstance(declared, str) and path.is_file() and LICENCE_FILE.match(path.name):
                    yield declared.strip("()"), path


def crates():
    for manifest in glob.glob(os.path.expanduser("~/.cargo/registry/src/*/*/Cargo.toml")):
        declared = re.search(r'^license = "(.+)"', pathlib.Path(manifest).read_text(errors="replace"), re.M)
        for path in sorted(pathlib.Path(manifest).parent.iterdir()):
            if declared and path.is_file() and LICENCE_FILE.match(path.name):
                yield declared.group(1).replace("/", " OR "), path


def debian_name(name):
    """SPDX id of a short name of Debian's copyright files."""
    gnu = re.match(r"^((?:L|A)?GPL|GFDL)-(\d(?:\.\d)?)(\+?)$", name)
    if gnu:
        version = gnu.group(2) if "." in gnu.group(2) else gnu.group(2) + ".0"
        return f"{gnu.group(1)}-{version}" + ("-or-later" if gnu.group(3) else "-only")
    return DEBIAN.get(name.lower(), name)


def debian_packages():
    for copyright_file in glob.glob("/usr/share/doc/*/copyright"):
        path = pathlib.Path(copyright_file)
        text = path.read_text(encoding="utf-8", errors="replace")
        names = set(re.findall(r"^License:[ \t]*(\S.*)$", text, re.M))
        if text.startswith("Format:") and len(names) == 1 and not path.is_symlink():
            yield debian_name(names.pop().strip()), path


def collect(words, count=900):
    """Samples, one a content and declaration; `accepted` are the sets that agree with it. A choice
    ("MIT OR Apache-2.0") over several files is met by either and by both."""
    samples, seen = [], set()
    for source, packages in (("python", python_packages), ("node", node_packages), ("crate", crates),
                             ("debian", debian_packages)):
        for declared, path in packages():
            ids = [i for i in re.split(r"[\s()]+", declared) if i and i not in ("OR", "AND", "WITH")]
            data = path.read_bytes()
            key = (declared, hashlib.sha256(data).digest())
            if key in seen or not ids or len(ids) > 3 or not all(words.knows(i) for i in ids) or not data.strip():
                continue
            seen.add(key)
            accepted = [frozenset().union(*(words.names(i) for i in ids))]
            if " OR " in declared:
                accepted += [frozenset(words.names(i)) for i in ids]
            samples.append(sets.Sample(f"{source}:{path}", str(path), tuple(accepted), len(data)))
    return sets.every(samples, count)
