# SPDX-License-Identifier: Apache-2.0
"""Restrictions put into licences where they are easily overlooked. None of these may be EXACT.

`shapes(text)` gives (name, text) pairs, made at run time from an installed licence text and sentences of
our own: a clause in the title, the copyright line, a footnote, a comment, a table, far below, in other
languages and scripts, spelt with look-alike or invisible characters, a word turned into its opposite.
"""

import html
import re
import unicodedata

CLAUSE = "Commercial use is not permitted without a separate agreement."
SHORT = ("Not for resale.", "Evaluation copy.", "Personal projects only.", "Students only.", "Ask first.",
         "Free for hobbyists.", "Internal use.", "No clouds.", "Trial: 30 days.", "$5 per seat.",
         "Excluded: Example Corp.", "Competitors excepted.", "Void in Example Land.", "Pay what you owe.",
         "Ends on 1 January 2027.", "Five seats at most.", "Ethical uses alone.")
LANGUAGES = {
    "de": "Die kommerzielle Nutzung ist untersagt.", "de_ascii": "Nur zum privaten Gebrauch.",
    "de_ohne": "Ohne Vertrag darf niemand damit Geld verdienen.",
    "fr": "L'utilisation commerciale est interdite.", "fr_ascii": "Pour un usage personnel uniquement.",
    "fr_sans": "Pas de revente sans accord des auteurs.", "fr_gratuit": "Gratuit pour les particuliers.",
    "es": "Se prohíbe el uso comercial.", "es_ascii": "Solo para uso privado.", "es_sin": "Sin fines de lucro.",
    "it": "Vietato l'uso commerciale.", "it_ascii": "Solo per uso privato.", "it_senza": "Senza scopo di lucro.",
    "pt": "Somente para uso pessoal, sem fins lucrativos.", "nl": "Alleen voor eigen gebruik.",
    "pl": "Tylko na własny użytek.", "sv": "Endast för privat bruk.", "da": "Kun til privat brug.",
    "fi": "Vain omaan kotiin.", "tr": "Ticari kullanim yasaktir.", "id": "Hanya untuk belajar.",
    "cs": "Pouze pro domaci potrebu.", "ru": "Коммерческое использование запрещено.",
    "zh": "禁止用于商业用途。", "zh_short": "仅供学习研究使用", "zh_traditional": "嚴禁商業使用",
    "ja": "商用利用を禁じます。", "ko": "상업적 이용을 금지합니다.", "ar": "الاستخدام التجاري ممنوع.",
    "hi": "व्यावसायिक उपयोग की अनुमति नहीं है।",
}
# A word or two changed inside the licence, each taking away a right or adding a duty.
CHANGED = (
    ("opposite_without", r"\bwithout (restriction|limitation|modification)", r"with \1"),
    ("opposite_with_or", r"\bwith or without modification", "without modification"),
    ("opposite_permitted", r"\bare permitted\b", "are prohibited"),
    ("opposite_granted", r"\bis hereby granted\b", "is hereby denied"),
    ("opposite_any_purpose", r"\bfor any purpose\b", "for no purpose"),
    ("opposite_irrevocable", r"\birrevocable\b", "revocable"),
    ("not_in_grant", r"\bhereby grants\b", "does not grant"),
    ("not_are", r"\bare permitted\b", "are not permitted"),
    ("not_split", r"\bare permitted\b", "are\nnot\npermitted"),
    ("person", r"\bto any person\b", "to any natural person"),
    ("person_of", r"\bto any person obtaining\b", "to any student obtaining"),
    ("each_contributor", r"\beach Contributor hereby grants to You\b", "each Contributor hereby grants to Members"),
    ("fee", r"\bwith or without fee\b", "with a fee"),
    ("charge", r"\bfree of charge\b", "at charge"),
    ("for_free", r"\bno-charge, royalty-free\b", "royalty"),
    ("source_only", r"\bsource and binary forms\b", "binary form"),
    ("verbs", r"\buse, copy, modify, merge, publish, distribute, sublicense\b", "use, copy"),
    ("provided_that", r"\bprovided that the following\b", "provided that a licence fee is paid and the following"),
    ("subject", r"\bsubject to the following\b", "subject to prior approval and the following"),
    ("software_of", r"\bthis software and associated\b", "version 1 of this software and associated"),
    ("to_whom", r"\bto permit persons to whom\b", "to permit employees to whom"),
    ("year", r"\bperpetual\b", "one-year"),
    ("world", r"\bworldwide\b", "regional"),
    ("perpetual_gone", r"\bperpetual, ?", ""),
    ("irrevocable_gone", r"\birrevocable\b", ""),
    ("conditions_more", r"\bconditions are met:", "conditions are met, and the authors agree:"),
)

def _spelt(clause, change):
    return "".join(change(c) for c in clause)

_LOOKALIKE = dict(zip("aceopxyiACEHKMOPTX", "асеорхуіАСЕНКМОРТХ"))

def _lookalike(text):
    return "".join(_LOOKALIKE.get(c, c) for c in text)

def _fullwidth(text):
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)

def _mathematical(text):
    return "".join(chr(0x1D400 + ord(c) - 65) if "A" <= c <= "Z" else
                   chr(0x1D41A + ord(c) - 97) if "a" <= c <= "z" else c for c in text)

def _accented(text):
    return unicodedata.normalize("NFD", text.replace("o", "ö").replace("e", "é"))

def _first_line(text, line):
    return line + "\n\n" + text

def _copyright(text, line):
    """`line` as the copyright statement: instead of the text's own, else above it."""
    own = re.compile(r"^.*copyright \(c\).*$", re.I | re.M)
    return own.sub(lambda _: line, text, count=1) if own.search(text) else _first_line(text, line)

def _after(text, pattern, addition):
    """`addition` behind the first place that fits; None when there is none."""
    found = re.search(pattern, text)
    return text[:found.end()] + addition + text[found.end():] if found else None

def _middle(text, paragraph):
    parts = re.split(r"\n\s*\n", text)
    at = max(1, len(parts) // 2)
    return "\n\n".join(parts[:at] + [paragraph] + parts[at:])

def _placed(text):
    one_word_a_line = "\n".join(CLAUSE.split())
    marked_up = "<br>\n".join(f"<b>{w}</b>" for w in CLAUSE.split())
    yield "title", _first_line(text, "Example License (non-commercial use)")
    yield "title_research", _first_line(text, "MIT-style license for research")
    yield "title_modified", _first_line(text, "Modified MIT License: companies pay")
    yield "title_underlined", _first_line(text, "EXAMPLE ACADEMIC LICENSE\n========================")
    yield "copyright_line", _copyright(text, "Copyright (c) 2024 Jane Example, commercial use prohibited")
    yield "copyright_academic", _copyright(text, "Copyright (c) 2024 Jane Example (academic use only)")
    yield "copyright_reserved", _copyright(text, "Copyright (c) 2024 Example. All rights reserved. Not for resale.")
    yield "copyright_personal", _copyright(text, "Copyright (c) 2024 Jane Example - free for personal projects")
    yield "copyright_next_line", _copyright(text, "Copyright (c) 2024 Jane Example\nfor private persons")
    yield "above", _first_line(text, CLAUSE)
    yield "footnote", _after(text, r"[a-z]{4,}\b", "[1]") + "\n\n[1] " + CLAUSE + "\n"
    yield "footnote_star", text + "\n* except for companies\n"
    yield "html_comment", text + f"\n<!-- {CLAUSE} -->\n"
    yield "html_comment_inside", _middle(text, f"<!-- {CLAUSE} -->")
    yield "html_page", "<html><body><p>" + html.escape(_middle(text, CLAUSE)).replace("\n\n", "</p><p>") + "</p></body></html>"
    yield "html_small", text + f"\n<small style=\"font-size:1px\">{CLAUSE}</small>\n"
    yield "blank_lines", text + "\n" * 200 + CLAUSE + "\n"
    yield "far_right", text + "\n" + " " * 400 + CLAUSE + "\n"
    yield "far_below", text + "\n" * 1_200_000 + CLAUSE + "\n"
    yield "table", text + "\n| Use | Allowed |\n|---|---|\n| Private | yes |\n| Commercial | no |\n"
    yield "word_a_line", text + "\n" + one_word_a_line + "\n"
    yield "word_a_line_marked", text + "\n" + marked_up + "\n"
    yield "word_a_paragraph", text + "\n" + "\n\n".join(CLAUSE.split()) + "\n"
    yield "hyphenated", text + "\nNot for com-\nmercial use, not for re-\nsale.\n"
    yield "notice_block", text + f"\n\nNOTICE\n------\nThis product is by Example Corp.\n{CLAUSE}\n"
    yield "code_fence", text + f"\n```\n{CLAUSE}\n```\n"
    yield "quoted", text + f"\n> {CLAUSE}\n"
    yield "code_line", text + "\nCompanies pay 100 euros a year;\n"

    yield "code_comment", text + f"\n// {CLAUSE}\n"
    yield "code_braces", text + "\n{ Companies pay 100 euros a year }\n"
    yield "macro", text + "\n#define LICENSE_NOTE Companies pay 100 euros a year\n"

    yield "rst_comment", text + f"\n.. {CLAUSE}\n"
    yield "latex_comment", text + f"\n% {CLAUSE}\n"
    yield "link_text", text + "\n[Companies need a licence](https://example.org/pay)\n"
    yield "link", text + "\nFurther terms: https://example.org/non-commercial\n"
    yield "mail", text + "\nCompanies ask first: sales@example.org\n"
    yield "tag", _first_line(text, "SPDX-License-Identifier: MIT AND LicenseRef-Example-NonCommercial")
    yield "tag_with", _first_line(text, "SPDX-License-Identifier: CC-BY-NC-4.0")
    yield "front_matter_key", f"---\nlicense: other\nrestrictions: {CLAUSE}\n---\n{text}"
    yield "front_matter_nc", f"---\nlicense: cc-by-nc-4.0\n---\n{text}"
    yield "between_two", text + "\n\n" + CLAUSE + "\n\n" + text
    yield "repeated", text + "\n" + text.rstrip() + " " + CLAUSE + "\n"
    yield "upper", text + "\n" + CLAUSE.upper() + "\n"
    yield "spaced_out", text + "\nN O   C O M M E R C I A L   U S E\n"
    yield "crossed_out", text + "\nUse by companies ~~is~~ is not allowed\n"
    for pattern, addition in ((r"(?i)\bas is\b\W?", " (and not for companies)"),
                              (r"(?i)\bwarrant(y|ies)\b", " (void for commercial users, who may not use it)"),
                              (r"(?i)\bconditions\b", " (and a yearly fee)"),
                              (r"(?i)\bsoftware\b", ' ("Software", for schools only)')):
        changed = _after(text, pattern, addition)
        if changed:
            yield "inside_" + re.sub(r"\W|b", "", pattern)[1:9], changed

def _spellings():
    yield "zero_width", _spelt(CLAUSE, lambda c: c + "\u200b")
    yield "soft_hyphen", _spelt(CLAUSE, lambda c: c + "\u00ad")
    yield "word_joiner", _spelt(CLAUSE, lambda c: c + "\u2060")
    yield "look_alikes", _lookalike(CLAUSE)
    yield "fullwidth", _fullwidth(CLAUSE)
    yield "mathematical", _mathematical(CLAUSE)
    yield "accented", _accented(CLAUSE)
    yield "right_to_left", "\u202e" + CLAUSE[::-1] + "\u202c"
    yield "entities", "".join(f"&#{ord(c)};" for c in CLAUSE)
    yield "leet", "N0 c0mmerc1al us3"
    yield "underscores", CLAUSE.replace(" ", "_")
    yield "joined", CLAUSE.replace(" ", "")
    yield "dots", CLAUSE.replace(" ", ".")

    yield "symbols", "commercial use = \u2717"

def shapes(text):
    """[(name, text)] of every shape that the text has a place for."""
    made = list(_placed(text))
    made += [("spelt_" + name, text + "\n" + clause + "\n") for name, clause in _spellings()]
    made += [("inside_" + name, _middle(text, clause)) for name, clause in _spellings()]
    made += [("language_" + name, text + "\n" + clause + "\n") for name, clause in LANGUAGES.items()]
    made += [("language_above_" + name, _first_line(text, clause)) for name, clause in LANGUAGES.items()]
    made += [(f"short_{n:02d}", text + "\n" + clause + "\n") for n, clause in enumerate(SHORT)]
    made += [(f"short_above_{n:02d}", _first_line(text, clause)) for n, clause in enumerate(SHORT)]
    for name, pattern, by in CHANGED:
        changed = re.sub(pattern, by, text, count=1, flags=re.I)
        if changed != text:
            made.append(("changed_" + name, changed))
    return made
