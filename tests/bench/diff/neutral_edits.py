# SPDX-License-Identifier: Apache-2.0
"""Edits that change no terms: each a function of (text, random) to the edited text, or None where it finds no place."""

import html
import re
import textwrap

MONTHS = "January February March April May June July August September October November December".split()


def paragraphs(text):
    return [p for p in re.split(r"\n[ \t]*\n", text) if p.strip()]


def joined(parts):
    return "\n\n".join(parts) + "\n"


def one_line_paragraphs(text, _):
    return joined(" ".join(p.split()) for p in paragraphs(text))


def wrap_at_50(text, _):
    return joined("\n".join(textwrap.wrap(" ".join(p.split()), 50, break_on_hyphens=False, break_long_words=False)) for p in paragraphs(text))


def curly_quotes(text, _):
    if '"' not in text and "'" not in text:
        return None
    text = re.sub(r'"([^"]*)"', "\u201c\\1\u201d", text)
    return re.sub(r"(\w)'(\w)", "\\1\u2019\\2", text)


def markdown(text, _):
    out = []
    for part in paragraphs(text):
        short = len(part.split()) < 8 and "\n" not in part.strip()
        out.append(f"## {part.strip()}" if short else re.sub(r'"(\w[\w ]*)"', r'**"\1"**', part))
    return joined(out)


def html_page(text, _):
    body = "\n".join(f"<p>{html.escape(p, quote=False)}</p>" for p in paragraphs(text))
    return f"<!DOCTYPE html>\n<html><body>\n{body}\n</body></html>\n"


def trailing_space(text, random):
    return "\n".join(line + " " * random.randrange(3) for line in text.split("\n"))


def other_bullets(text, _):
    new = re.sub(r"(?m)^(\s*)[-*\u2022](\s+)", r"\1+\2", text)
    return new if new != text else None


def renumber(text, random):
    by = random.randrange(1, 4)
    new = re.sub(r"(?m)^(\s*)(\d{1,2})\.(\s)", lambda m: f"{m[1]}{int(m[2]) + by}.{m[3]}", text)
    return new if new != text else None


def number_style(text, _):
    new = re.sub(r"(?m)^(\s*)\(([a-h])\)(\s)", lambda m: f"{m[1]}{ord(m[2]) - 96}.{m[3]}", text)
    new = new if new != text else re.sub(r"(?m)^(\s*)(\d{1,2})\.(\s)", r"\1(\2)\3", text)
    return new if new != text else None


def heading_case(text, _):
    def flip(match):
        line = match[0]
        return line.upper() if not line.isupper() else line.title()
    new = re.sub(r"(?m)^[ \d.]*[A-Z][A-Za-z ]{3,40}$", flip, text)
    return new if new != text else None


def doubled_word(text, random):
    places = [m for m in re.finditer(r" (the|of|to|and|in) ", text)]
    if not places:
        return None
    at = random.choice(places)
    return text[:at.start()] + f" {at[1]} {at[1]} " + text[at.end():]


def article(text, random):
    places = [m for m in re.finditer(r" (a|an|the) ", text)]
    if not places:
        return None
    at = random.choice(places)
    other = {"a": "an", "an": "a", "the": "a"}[at[1]]
    return text[:at.start()] + f" {other} " + text[at.end():]


def year_and_holder(text, random):
    line = f"Copyright (c) {random.randrange(2019, 2027)} {random.choice(['Nordlicht Labs', 'Jane Roe', 'Foo Bar GmbH'])}"
    new = re.sub(r"(?im)^(\W*)copyright .*\d{4}.*$", lambda m: m[1] + line, text, count=1)
    return new if new != text else line + "\n\n" + text


def release_date(text, random):
    pattern = r"\b(" + "|".join(MONTHS) + r") \d{1,2}, \d{4}"
    new = re.sub(pattern, f"{random.choice(MONTHS)} {random.randrange(1, 28)}, {random.randrange(2022, 2027)}", text)
    return new if new != text else None


def other_url(text, random):
    new = re.sub(r"(https?://)[\w.]+(/[\w./-]*)?", rf"\1www.example{random.randrange(9)}.org/terms/now", text)
    return new if new != text else None


def contact(text, _):
    new = re.sub(r"[\w.]+@[\w.]+\.\w+", "legal@example.org", text)
    return new if new != text else text.rstrip() + "\n\nContact: legal@example.org\n"


def version_number(text, random):
    new = re.sub(r"\b([A-Z][A-Za-z-]+ )(\d)\.(\d)\b(?! million)", lambda m: f"{m[1]}{int(m[2]) + 1}.{m[3]}", text)
    return new if new != text else None


NAMES = ["Llama", "Gemma", "DeepSeek", "Hunyuan", "BLOOM", "Falcon", "Qwen", "Kimi", "Stable Diffusion", "FLUX", "EXAONE",
         "LTXV", "HyperCLOVA", "Chameleon", "Playground", "Mojo", "Tongyi Qianwen", "Open WebUI", "BigCode", "PostgreSQL", "Python"]


def product_name(text, _):
    for name in NAMES:
        if len(re.findall(rf"\b{name}\b", text)) >= 2:
            return re.sub(rf"\b{name}\b", "Zephyrine", text)
    return None


def spelling(text, _):
    new = text
    for ours, theirs in (("license", "licence"), ("License", "Licence"), ("authorize", "authorise"), ("organization", "organisation"),
                         ("recognize", "recognise"), ("behavior", "behaviour"), ("unauthorized", "unauthorised"), ("favor", "favour")):
        new = re.sub(rf"\b{ours}(?!e)", theirs, new)
    return new if new != text else None


def other_modal(text, random):
    swaps = [(r"\bshall not\b", "must not"), (r"\bmust not\b", "shall not"), (r"\bmay not\b", "must not"), (r"\bmust\b(?! not)", "shall")]
    random.shuffle(swaps)
    for pattern, other in swaps:
        new = re.sub(pattern, other, text)
        if new != text:
            return new
    return None


NOTICE = """Third-Party Notices

This distribution includes the following third-party software, which its own licence covers.

libfoo - Copyright (c) 2015 Foo Authors

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation
the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and
to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of
the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO
THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT,
TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""


def third_party_notice(text, _):
    return text.rstrip() + "\n\n" + "-" * 60 + "\n" + NOTICE


def moved_paragraph(text, random):
    parts = paragraphs(text)
    # Not a heading, and none that leads a list in or belongs to one.
    movable = [i for i, p in enumerate(parts) if 3 < i < len(parts) - 1 and len(p.split()) > 12 and p.strip().endswith(".")
               and not parts[i - 1].strip().endswith((":", ";", ",", "or", "and")) and parts[i - 1].strip().endswith(".")]
    if not movable:
        return None
    i = random.choice(movable)
    part = parts.pop(i)
    ends = [j for j in range(2, len(parts)) if parts[j - 1].strip().endswith(".") and abs(j - i) > 1]
    if not ends:
        return None
    parts.insert(random.choice(ends), part)
    return joined(parts)


def template_fill(text, random):
    fill = random.choice(["Nordlicht Labs", "Foo Bar GmbH"])
    new = re.sub(r"\[(?:yyyy|year)\]|<year>", "2025", text)
    new = re.sub(r"\[(?:name of [a-z ]+|full ?name|owner|company name)\]|<(?:name of author|copyright holders?|owner)>", fill, new)
    return new if new != text else None


def heading_dropped(text, _):
    new = re.sub(r"(?m)^(\s*\d{1,2}\.\s+)[A-Z][A-Za-z ]{3,30}\.\s+(?=[A-Z])", r"\1", text)
    return new if new != text else None


EDITS = {f.__name__: f for f in (
    one_line_paragraphs, wrap_at_50, curly_quotes, markdown, html_page, trailing_space, other_bullets, renumber, number_style,
    heading_case, doubled_word, article, year_and_holder, release_date, other_url, contact, version_number, product_name,
    spelling, other_modal, third_party_notice, moved_paragraph, template_fill, heading_dropped)}
