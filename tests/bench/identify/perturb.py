# SPDX-License-Identifier: Apache-2.0
"""Perturbed texts: neutral edits that must stay EXACT, real clauses that must make it MODIFIED.

Everything is made at run time from installed licence texts, by hash and position: no text is
committed, and the same inputs give the same files.
"""

import hashlib
import html
import pathlib
import re
import textwrap

import false_clear

PERMISSIVE = ("0BSD=bsd-zero mit apache-2.0 bsd-new bsd-simplified isc zlib boost-1.0 mit-0 postgresql unlicense "
              "uoi-ncsa artistic-2.0 afl-3.0 upl-1.0 ecl-2.0 mulanpsl-2.0-en blueoak-1.0.0 bsd-3-clause-clear "
              "ms-pl").replace("0BSD=", "").replace("bsd-3-clause-clear", "clear-bsd").split()

NEUTRAL_LINES = ("Last updated: 12 March 2024.", "For questions, write to legal@example.org.",
                 "This file is part of Example Project.", "See https://example.org/project for the project page.")


def rank(text):
    return hashlib.sha256(text.encode()).hexdigest()


def bases(licences, ai_keys, count=20):
    """[(key, text)]: `count` permissive licences and `count` AI licences, by hash of the key."""
    def read(key):
        return false_clear.body_of((pathlib.Path(licences) / f"{key}.LICENSE")
                                   .read_text(encoding="utf-8", errors="replace")).strip() + "\n"
    there = [k for k in PERMISSIVE if (pathlib.Path(licences) / f"{k}.LICENSE").exists()][:count]
    ai = sorted((k for k in ai_keys if (pathlib.Path(licences) / f"{k}.LICENSE").exists()), key=rank)[:count]
    return [(k, read(k)) for k in there + sorted(ai)]


def _reflow(text, width):
    """Paragraphs re-wrapped; a line that starts a list item starts a paragraph."""
    out = []
    for paragraph in re.split(r"\n\s*\n", text):
        parts, current = [], []
        for line in paragraph.splitlines():
            if current and re.match(r"^\s*(\d+\.|[-*•]|\(?[a-z0-9]{1,3}\))\s", line):
                parts.append(current)
                current = []
            current.append(line.strip())
        for lines in parts + [current]:
            joined = " ".join(x for x in lines if x)
            out.append(joined if width is None else textwrap.fill(
                joined, width, break_long_words=False, break_on_hyphens=False))
        out.append("")
    return "\n".join(out).strip() + "\n"


def _curly(text):
    text = re.sub(r'(^|[\s(\[])"', "\\1\u201c", text, flags=re.M).replace('"', "\u201d")
    return re.sub(r"(^|[\s(\[])'", "\\1\u2018", text, flags=re.M).replace("'", "\u2019")


def _bullets(text):
    """List markers of another sort: numbers and letters at line starts become dashes, dashes stars."""
    text = re.sub(r"^(\s*)[-*•]\s+", r"\1+ ", text, flags=re.M)
    return re.sub(r"^(\s*)(\d{1,2}\.|\(?[a-z]\))\s+", r"\1- ", text, flags=re.M)


def _markdown(text):
    lines = _reflow(text, 90).splitlines()
    for number, line in enumerate(lines):
        if line.strip():
            lines[number] = "# " + line.strip().lstrip("#* ")
            break
    return re.sub(r'"([A-Z][\w ]{2,30})"', r'**"\1"**', "\n".join(lines)) + "\n"


def _html(text):
    paragraphs = [p.strip() for p in re.split(r"\n\s*\n", text) if p.strip()]
    body = "\n".join("<p>" + html.escape(p).replace("\n", "<br/>\n") + "</p>" for p in paragraphs)
    return f"<!DOCTYPE html>\n<html><head><title>License</title></head>\n<body>\n{body}\n</body></html>\n"


def _upper_title(text):
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if line.strip():
            if len(line.split()) <= 10:
                lines[number] = line.upper()
            break
    return "\n".join(lines) + "\n"


def _prefixed(mark):
    return lambda text: "\n".join((mark + " " + line).rstrip() for line in text.splitlines()) + "\n"


def _years(text):
    """Another year in copyright lines; a copyright line where there is none."""
    changed, count = re.subn(
        r"^(.{0,12}(?:copyright|\(c\)|©).{0,40}?)\b(?:19|20)\d\d\b", r"\g<1>2031", text, flags=re.M | re.I)
    return changed if count else "Copyright (c) 2031 Jane Example\n\n" + text


NEUTRAL = {
    "unchanged": lambda t: t,
    "year": _years,
    "holder": lambda t: "Copyright (c) 2014-2031 The Example Project Authors. All rights reserved.\n\n" + t,
    "wrap_60": lambda t: _reflow(t, 60),
    "wrap_100": lambda t: _reflow(t, 100),
    "wrap_none": lambda t: _reflow(t, None),
    "markdown": _markdown,
    "html": _html,
    "comment_slashes": _prefixed("//"),
    "comment_hashes": _prefixed("#"),
    "comment_stars": lambda t: "/*\n" + _prefixed(" *")(t) + " */\n",
    "curly_quotes": _curly,
    "neutral_line": lambda t: t + "\n" + NEUTRAL_LINES[int(rank(t)[:4], 16) % len(NEUTRAL_LINES)] + "\n",
    "bullets": _bullets,
    "crlf": lambda t: t.replace("\n", "\r\n"),
    "tabs": lambda t: re.sub(r"^ +", "\t", t, flags=re.M).replace("  ", "\t"),
    "upper_title": _upper_title,
}

# One word or two changed, so that a right is taken away: (name, pattern, replacement).
WORD_EDITS = (
    ("no_sale", r",?\s+(and/or\s+)?sell(\s+copies\s+of)?\b", ""),
    ("except", r"\bwithout restriction\b", "without restriction except as noted below"),
    ("purpose", r"\bany purpose\b", "any non-commercial purpose"),
    ("noncommercial_use", r"\bRedistribution and use\b", "Non-commercial redistribution and use"),
    ("not_permitted", r"\bare permitted\b", "are not permitted"),
    ("not_granted", r"\bhereby granted\b", "hereby not granted"),
    ("fee", r"\bfree of charge\b", "for a yearly fee"),
    ("royalty", r"\b(royalty|no-charge, royalty)-free\b", "royalty-bearing"),
    ("revocable", r"\birrevocable\b", "revocable"),
    ("region", r"\bworldwide\b", "nationwide"),
    ("no_change", r"\b(to )?modify,", "")
)

# Restrictions in words of our own, in no licence: what a publisher may write tomorrow.
OWN_CLAUSES = (
    ("noncommercial", "Nobody may earn money with the Software or with anything made from it."),
    ("noncommercial", "Commercial use of any kind needs a separate paid agreement with the authors."),
    ("noncommercial", "This permission is for hobbyists, schools and charities only; companies must buy a licence first."),
    ("threshold", "Organisations with more than fifty employees must pay a yearly fee before they use the Software."),
    ("threshold", "The permissions above end as soon as your product reaches one million users."),
    ("territory", "The Software must not be downloaded or run by anyone who lives in the European Union."),
    ("field", "The Software may not be used by armed forces or to build weapons of any kind."),
    ("field", "You agree not to use the Software for face recognition, credit scoring or the surveillance of people."),
    ("training", "Neither the Software nor its output may be used to train or improve a machine learning model."),
    ("revocation", "The authors can take back this permission at any time, for any reason, by writing to you."),
    ("research", "You may run the Software only for academic research, and never in production."),
    ("naming", "Every product that uses the Software must show the words Powered by Example on its first page."),
    ("redistribution", "You must not give copies of the Software, changed or unchanged, to anyone else."),
    ("hosting", "You may not offer the Software to others as a hosted or managed service."),
)

# What a restrictive sentence of each sort says. Both patterns must match; the words decide, so other
# texts give other sentences.
_BAN = r"\b((shall|must|may|will|can|do|are) ?not|not use|prohibit\w*|agree(s)? not)\b"
CLAUSES = (
    ("noncommercial", 5, r"non-?commercial", r"\b(only|solely|limited license|not)\b"),
    ("threshold", 4, r"monthly active users|annual (gross )?revenue|in revenue|million (us|u\.s\.)? ?dollars|\$ ?\d+[ ,]",
     r"\b(must|shall|not|requires?|request|only)\b"),
    ("territory", 3, r"european union|outside (of )?the territory|within the territory|domiciled in",
     r"\b(not|only|exclu\w+)\b"),
    ("field", 6, r"military|weapon|law enforcement|surveillance|medical advice|exploiting|discriminat|defam", _BAN),
    ("training", 4, r"(improve|train|distill?)\w* (any )?(other )?[\w ]{0,30}models?\b", _BAN),
    ("research", 3, r"research (and \w+ )?(purposes?|uses?)|academic", r"\b(only|solely|not)\b"),
    ("revocation", 2, r"(license|agreement|rights).{0,60}(terminat|revo[ck])|(terminat|revo[ck])\w* (this|your|the)",
     r"\b(at any time|sole discretion|immediately|automatically)\b"),
    ("naming", 3, r"built with|(include|beginning of) .{0,40}name|prominently display|same name", r"\b(shall|must|not)\b"),
)
_ASCII = str.maketrans({"\u201c": '"', "\u201d": '"', "\u2018": "'", "\u2019": "'", "\u2013": "-", "\u2014": "-"})


def sentences(text):
    """Whole sentences of 10 to 80 words, none across a blank line; the number of the next item is cut
    off."""
    paragraphs = [re.sub(r"\s+", " ", re.sub(r"[*_#`>]|-{3,}", "", p)).translate(_ASCII)
                  for p in re.split(r"\n\s*\n", text)]
    for sentence in (s for p in paragraphs for s in re.split(r"(?<=[.;])\s+(?=[A-Z(\d])", p)):
        sentence = re.sub(r"^(\(?([a-zA-Z0-9]{1,3}|[\d.]+)[.)]\s+|[\d.]+\s+)+", "", sentence.strip())
        sentence = re.sub(r"\s+\(?([a-z]{1,3}|[A-Z]|\d+)[.)]$", "", sentence)
        if 10 <= len(sentence.split()) <= 80 and sentence.isascii() and sentence[:1].isupper() \
                and sentence.endswith(".") and not _NO_CLAUSE.search(sentence):
            yield sentence


# Titles, definitions, links and disclaimers restrict nobody.
_NO_CLAUSE = re.compile(r'release date|\bmeans\b|https?:|not designed|is not a law firm', re.I)


CLAUSE_COUNT = 30


def clauses(texts):
    """[(sort, source, sentence)], CLAUSE_COUNT of them: by sort, a source once, order by hash; then the
    next of any sort until there are enough."""
    found, spare = [], []
    for sort, count, topic, force in CLAUSES:
        ranked, used = [], set()
        for source, text in texts:
            if not re.search(r"\bmodels?\b(.|\n)*\bmodels?\b", text, re.I) or \
                    re.search("creative commons|affero|server side public", text, re.I):
                continue  # general licences; the clauses wanted are those of model licences
            for sentence in sentences(text):
                if re.search(topic, sentence, re.I) and re.search(force, sentence, re.I):
                    ranked.append((rank(sentence), sort, source, sentence))
        for row in sorted(ranked):
            if any(_alike(row[3], s) for _, _, s in found):
                continue
            if row[2] not in used and len(used) < count:
                used.add(row[2])
                found.append(row[1:])
            else:
                spare.append(row)
    for _, sort, source, sentence in sorted(spare):
        if len(found) < CLAUSE_COUNT and not any(_alike(sentence, s) for _, _, s in found):
            found.append((sort, source, sentence))
    return found


def _alike(one, other):
    """Two versions of one sentence: most words are the same."""
    a, b = set(_words(one)), set(_words(other))
    return len(a & b) > 0.75 * max(len(a), len(b))


def _words(text):
    return re.findall(r"\w+", text.lower())


def holds(text, clause):
    """Whether the text has the clause already, whatever its wrap."""
    return " ".join(_words(clause)) in " ".join(_words(text))


def insert(text, clause, position):
    """`clause` as a paragraph of its own: after the first paragraph, in the middle, at the end."""
    paragraphs = re.split(r"\n\s*\n", text.rstrip("\n"))
    at = {"start": 1, "middle": max(1, len(paragraphs) // 2), "end": len(paragraphs)}[position]
    return "\n\n".join(paragraphs[:at] + [textwrap.fill(clause, 80)] + paragraphs[at:]) + "\n"


def is_named(line, clause, share=0.9):
    """Whether the residue holds `share` of the clause's words, and says which clause it is."""
    added = line.get("residue", {}).get("added", [])
    text = _words(" ".join(span["text"] for span in added))
    wanted = _words(clause)
    held = sum(min(wanted.count(w), text.count(w)) for w in set(wanted))
    return held >= share * len(wanted), any(span.get("clause") for span in added)
