# SPDX-License-Identifier: Apache-2.0
"""One name a licence, whatever the tool or the label calls it.

The canonical name is the key of the ScanCode licence data; SPDX ids, former SPDX ids, LicenseRef-
names and replaced keys lead to it. What nobody knows keeps its own name in lower case. The same
mapping serves labels and the answers of every tool, so it favours none.
"""

import json
import pathlib
import re

# Names of Google's licensecheck that are neither SPDX ids nor ScanCode keys: the licence meant, by
# comparing the texts (MIT-NoAd is word for word what SPDX has since named X11-swapped).
GOOGLE_NAMES = {
    "aladdin-9": "afpl-9.0",
    "anti996": "996-icu-1.0",
    "bsd-1-clause-clear": "clear-bsd-1-clause",
    "bsd-3-clause-notrademark": "bsd-3-clause-no-trademark",
    "commonsclause": "commons-clause",
    "gpl-2.0-or-3.0": "gpl-2.0 gpl-3.0",
    "googlepatentclause": "google-patent-license-golang",
    "googlepatentsfile": "google-patent-license-golang",
    "mit-noad": "x11-swapped",
    "prosperity-3.0.0": "prosperity-3.0",
}

# SPDX ids that the ScanCode data does not carry yet, though it has the text under a key of its own
# (compared word by word, ScanCode 32.5.0 with SPDX list 6.12.0).
SPDX_NAMES = {
    "bola-1.1": "bola11",
    "gpl-2.0-with-bison-exception": "gpl-2.0 bison-exception-2.2",
    "iso-permission": "iso-8879",
    "mit-stk": "synthesis-toolkit",
    "mmpl-1.0.1": "minecraft-mod",
    "sgmlug-pm": "sgmlug",
    "wtfnmfpl": "wtfnmfpl-1.0",
}

# licenseclassifier's folders that are neither, by their texts (v2.0.0).
CLASSIFIER_NAMES = {
    "antlr": "antlr-pd",
    "bsd-0-clause": "bsd-zero",
    "bsd-3-clause-openmpi": "bsd-3-clause-open-mpi",
    "cern-ohl-v1.2": "cern-ohl-1.2",
    "cern-ohl-wr-v2": "cern-ohl-w-2.0",
    "entenssa": "entessa-1.0",
    "gnu-all-permissive-copying-license": "fsf-ap",
    "jasper": "jasper-2.0",
    "licenseref-sendmail": "sendmail",
    "pil": "historical",
    "python-2.0-complete": "python",
    "rsa": "rsa-md5",
    "tcl_tk": "tcl",
}

# Keys that name a sort of statement, not a licence. Labels of Google and SPDX know none of them.
GENERIC = re.compile(
    r"^(unknown.*|free-unknown|other-(permissive|copyleft)|proprietary(-license)?|commercial-license|"
    r"warranty-disclaimer|generic-.*|public-domain(-disclaimer)?|see-license|license-clue|"
    r"copyleft-unknown|noassertion|none|no-license)$")

# ScanCode keys of a translation; SPDX and Google have one id for all languages.
_TRANSLATION = re.compile(r"^(cecill|mulanpsl|dl-de|d-fsl|etalab|ogl-canada|can-ogl|scola|scilab)(.*)-(en|fr|de)$")
_LATER = re.compile(r"-(plus|or-later|only)$")


def read_front_matter(text):
    """Scalars and lists of the YAML between the first two '---' lines; deeper structure is skipped."""
    fields, key = {}, None
    lines = text.splitlines()
    if not lines or lines[0].strip() != "---":
        return fields
    for line in lines[1:]:
        if line.strip() == "---":
            break
        scalar = re.match(r"^(\w+):\s*(.*)$", line)
        item = re.match(r"^\s+-\s+(.*)$", line)
        if scalar:
            key = scalar.group(1)
            fields[key] = scalar.group(2).strip().strip("'\"") or []
        elif item and isinstance(fields.get(key), list):
            fields[key].append(item.group(1).strip().strip("'\""))
        elif line.startswith((" ", "\t")) and isinstance(fields.get(key), list) and fields[key]:
            fields[key][-1] += " " + line.strip()
        elif line.startswith((" ", "\t")) and isinstance(fields.get(key), str):
            fields[key] += " " + line.strip()
    return fields


class Vocabulary:
    """Names from a folder of ScanCode *.LICENSE files. Read once, then immutable."""

    def __init__(self, licences):
        self._names, self._category = {}, {}
        self._spdx = {f["key"] for f in licences
                      if not f.get("spdx_license_key", "LicenseRef-").startswith("LicenseRef-")}
        replaced = {f["key"]: f["replaced_by"] for f in licences
                    if f.get("is_deprecated") and f.get("replaced_by")}
        # A key in use that lists a deprecated one among its former names is the better witness:
        # odc-1.0 says "replaced by ppl", which is another licence.
        replaced.update({former.removeprefix("LicenseRef-scancode-"): [f["key"]] for f in licences
                         if not f.get("is_deprecated") for former in f.get("other_spdx_license_keys") or []
                         if former.removeprefix("LicenseRef-scancode-") in replaced})
        for fields in licences:
            category = fields.get("category", "")
            self._category[fields["key"]] = category
            self._category.setdefault(*self._follow(fields["key"], {}), category)
            self._names[fields["key"].lower()] = {fields["key"]}
        for deprecated in (False, True):
            for fields in licences:
                if bool(fields.get("is_deprecated")) == deprecated:
                    self._add_names(fields)
        for names in (GOOGLE_NAMES, SPDX_NAMES, CLASSIFIER_NAMES):
            for name, keys in names.items():
                self._names.setdefault(name, set(keys.split(" ")))
        self._names = {name: set().union(*(self._follow(k, replaced) for k in keys))
                       for name, keys in self._names.items()}

    @staticmethod
    def _follow(key, replaced):
        """Keys that stand for a replaced one today, translations as one. Several replacements are a
        licence and its exception only where one of them is an exception; else the key stays."""
        for _ in range(5):
            successors = replaced.get(key, [])
            parts = set(" ".join(successors).split(" ")) - {"WITH", "AND", "OR", "", "(", ")"}
            if len(parts) == 1:
                key = parts.pop()
            elif len(successors) == 1 or any("exception" in p for p in parts):
                return parts or {key}
            else:
                break
        translated = _TRANSLATION.match(key)
        return {translated.group(1) + translated.group(2)} if translated else {key}

    @classmethod
    def read(cls, folder):
        files = sorted(pathlib.Path(folder).glob("*.LICENSE"))
        return cls([read_front_matter(f.read_text(encoding="utf-8", errors="replace")) for f in files])

    def _add_names(self, fields):
        spdx = fields.get("spdx_license_key")
        others = fields.get("other_spdx_license_keys") or []
        for name in ([spdx] if spdx else []) + (others if isinstance(others, list) else [others]):
            self._names.setdefault(name.lower(), {fields["key"]})
            # As SPDX writes it: "BSL-1.0" is Boost, "bsl-1.0" the ScanCode key of another licence.
            self._names.setdefault(name, {fields["key"]})

    def names(self, name):
        """Set of canonical names of one id (a Google id may stand for two)."""
        name = name.strip().strip("()")
        if name in self._names:
            return set(self._names[name])
        name = name.lower()
        for prefix in ("", "licenseref-scancode-", "licenseref-modelwatch-modified-", "licenseref-"):
            if prefix and not name.startswith(prefix):
                continue
            known = self._names.get(name[len(prefix):])
            if known:
                return set(known)
        return {name} if name else set()

    def knows(self, name):
        return name.strip().lower() in self._names

    def has_spdx(self, key):
        """Whether SPDX has an id for this ScanCode key."""
        return key in self._spdx

    def category(self, canonical):
        return self._category.get(canonical, "")

    def expression(self, text):
        """All licences named in an expression, whatever joins them."""
        found = set()
        for word in re.split(r"[\s()/,]+", text):
            if word and word.upper() not in ("AND", "OR", "WITH"):
                found |= self.names(word)
        return found


def drop_generic(names):
    return {n for n in names if not GENERIC.match(n)}


def collapse_versions(names):
    """"only" and "or later" of one licence become one name."""
    return {_LATER.sub("", n) for n in names}


def read_spdx_list(package):
    """id -> entry of the npm package spdx-license-list."""
    return json.loads((pathlib.Path(package) / "spdx-full.json").read_text(encoding="utf-8"))
