# SPDX-License-Identifier: Apache-2.0
"""The results as the Markdown table of docs/licence-identification.md. Pure: a dictionary to text."""

OURS = "modelwatch"
NONE = "–"


def _rate(value):
    return NONE if value is None else f"{value:.3f}"


def _labelled(results, name, tool):
    row = (results.get(name) or {}).get(tool)
    return f"{_rate(row['strict'])} / {_rate(row['lenient'])}" if row else NONE


def _clears(results, name, tool):
    row = (results.get(name) or {}).get(tool)
    return f"{row['false_clears']} of {row['files']}" if row else NONE


def _open(results, _, tool):
    row = (results.get("open_set") or {}).get(tool)
    return f"{row['named'] / row['of']:.3f} ({row['named']} of {row['of']})" if row else NONE


def _perturbed(results, field, tool):
    row = (results.get("perturbations") or {}).get(tool)
    if not row or row.get(field) is None:
        return NONE
    return f"{_rate(row[field])} ({_rate(row.get(field + '_permissive'))}, {_rate(row.get(field + '_ai'))})"


def _time(results, name, tool):
    row = (results.get("times", {}).get(name) or {}).get(tool)
    return f"{row['mean_ms']:.3g}; p99 {row['p99_ms']:.3g}" if row else NONE


def _start(results, _, tool):
    value = results.get("times", {}).get("start", {}).get(tool)
    return NONE if value is None else f"{value:,.0f}"


# Row: what it says, the target, how a cell is made of (results, argument, tool).
ROWS = (
    ("Google-labelled texts, exact set, strict / lenient", ">= 0.95", _labelled, "google"),
    ("SPDX texts, exact set, strict / lenient", ">= 0.97", _labelled, "spdx"),
    ("ScanCode fixtures, exact set, strict / lenient (compatibility)", ">= 0.95", _labelled, "scancode"),
    ("false clears: restrictive or modified files of publishers", "0", _clears, "false_clears_real"),
    ("false clears: modified permissive licences, left out of our corpus", "0", _clears, "false_clears_left_out"),
    ("false clears: restrictions in disguise (disguise.py)", "0", _clears, "disguised"),
    ("EXACT for a licence left out of the corpus (peers: a licence they cannot know gets a name)", "<= 0.01", _open, ""),
    ("neutral edits: stays EXACT (peers: names it and nothing else); all (permissive, AI)", ">= 0.99", _perturbed, "neutral"),
    ("restrictive clause: MODIFIED, words and clause named", ">= 0.99", _perturbed, "clause"),
    ("restrictive clause: not given as the bare licence", "", _perturbed, "flagged"),
    ("the same for restrictions in our own words, in no licence", ">= 0.99", _perturbed, "own_clause"),
    ("our own words: not EXACT", "1", _perturbed, "own_flagged"),
    ("a word changed that takes a right away: not EXACT", "1", _perturbed, "word_flagged"),
    ("CPU ms a file, fixtures: mean; p99", "<= 0.3; <= 3", _time, "scancode"),
    ("CPU ms a file, Google texts: mean; p99", "", _time, "google"),
    ("start, CPU ms (ours: open the corpus)", "<= 50", _start, ""),
    ("installed packages, agrees with what is declared, strict / lenient", "", _labelled, "installed"),
)




def markdown(results, tools):
    """The target table: one row a target, one column a tool."""
    lines = ["| what | target | " + " | ".join(tools) + " |", "|---|---|" + "---|" * len(tools)]
    for what, target, cell, argument in ROWS:
        cells = [cell(results, argument, tool) for tool in tools]
        if any(c != NONE for c in cells):
            lines.append(f"| {what} | {target} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _weak_kinds(kinds, target=0.99):
    """Edits and sorts of clauses below the target; the places of a clause taken together."""
    joined = {}
    for kind, value in kinds.items():
        if value is not None:
            joined.setdefault(kind.split("@")[0], []).append(value)
    means = {kind: round(sum(values) / len(values), 3) for kind, values in joined.items()}
    return {kind: mean for kind, mean in means.items() if mean < target}


def details(results):
    """What the table leaves out: sizes of the sets, errors by kind, edits that fail, time and memory."""
    lines = []
    for name in ("google", "spdx", "scancode", "installed"):
        row = (results.get(name) or {}).get(OURS)
        if row:
            peers = {t: r["files"] for t, r in results[name].items() if r["files"] != row["files"]}
            note = f"; peers with a sample: {', '.join(f'{t} {n}' for t, n in peers.items())}" if peers else ""
            generic = f"; without generic keys {row['strict_without_generic']:.3f}" if "strict_without_generic" in row else ""
            lines.append(f"- {name}: {row['files']} files{note}{generic}; F1 of names {row['strict_f1']:.3f}; "
                         f"errors {row['errors']}")
    for tool, row in (results.get("open_set") or {}).items():
        if isinstance(row, dict):
            extra = ", ".join(f"{name} {row[name]}" for name in ("statuses", "any_name") if name in row)
            lines.append(f"- left out, {tool}: {row['named']} of {row['of']} named, {row['relabels']} more under "
                         f"another key with the same words{'; ' + extra if extra else ''}")
    nothing = {t: r for t, r in (results.get("google") or {}).items() if "labelled_nothing" in r}
    if nothing:
        lines.append("- google, strict without the files labelled with nothing; how many of those get a licence "
                     "without a flag: " + ", ".join(f"{t} {r['strict_of_the_others']:.3f}; {r['nothing_but_given']} of "
                                                    f"{r['labelled_nothing']}" for t, r in nothing.items()))
    row = (results.get("perturbations") or {}).get(OURS)
    if row:
        weak = _weak_kinds(row["kinds"])
        lines.append(f"- perturbed: {row['files']} files; clause words found {_rate(row['words'])}, "
                     f"clause id given {_rate(row['clause_id'])}; below 0.99: {weak or 'none'}")
    for name in ("google", "scancode", "spdx"):
        row = (results.get("times", {}).get(name) or {}).get(OURS)
        if row:
            lines.append(f"- time, {name}: mean {row['mean_ms']:.3f} ms, p50 {row['p50_ms']:.3f}, p99 "
                         f"{row['p99_ms']:.2f}, max {row['max_ms']:.1f}, {row['mb_s']:.1f} MB/s; open "
                         f"{row['open_wall_ms']:.1f} ms, resident after opening {row['open_resident_mib']:.0f} MiB, "
                         f"at the end {row['resident_mib']:.0f} MiB ({row['file_backed_mib']:.0f} file-backed)")
    return "\n".join(lines)


def updated(page, text):
    """`page` with what stands between its marks replaced by `text`; ValueError without the marks."""
    begin, end = "<!-- results -->", "<!-- /results -->"
    head, rest = page.split(begin, 1)
    return f"{head}{begin}\n{text}\n{end}{rest.split(end, 1)[1]}"
