# SPDX-License-Identifier: Apache-2.0
"""Makes the perturbed texts of perturb.py, asks the tools, and counts what they made of them."""

import pathlib
import re

import false_clear
import peers as peer_tools
import perturb
import scoring
import sets

OURS = "modelwatch"


def _ai_keys():
    index = sets.shared_data() / "ai-licences/index.tsv"
    return [line.split("\t")[0] for line in index.read_text().splitlines()[1:]] if index.exists() else None


def perturbed_samples(bench, share=1.0):
    """[(sample, kind, clause or None)] of neutral edits and inserted clauses; None without data.
    `share` keeps that part of them, by hash."""
    ai_keys = _ai_keys()
    if ai_keys is None:
        return None
    texts = [(s.name, false_clear.body_of(pathlib.Path(s.path).read_text(encoding="utf-8", errors="replace")))
             for s in false_clear.real(bench.words)]
    clauses, folder, made = perturb.clauses(texts), bench.work / "perturbed", []
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "clauses.tsv").write_text("".join("\t".join(c) + "\n" for c in clauses))
    for key, text in perturb.bases(bench.licences, ai_keys):
        for edit, change in perturb.NEUTRAL.items():
            made.append((key, f"{key}.{edit}", edit, None, lambda t=text, c=change: c(t)))
        for edit, pattern, replacement in perturb.WORD_EDITS:
            if re.search(pattern, text, re.I):
                made.append((key, f"{key}.{edit}.word", "word-" + edit, "",
                             lambda t=text, p=pattern, r=replacement: re.sub(p, r, t, count=1, flags=re.I)))
        numbered = [(f"{n:02d}", sort, clause) for n, (sort, _, clause) in enumerate(clauses)]
        numbered += [(f"own{n:02d}", "own-" + sort, clause) for n, (sort, clause) in enumerate(perturb.OWN_CLAUSES)]
        for number, sort, clause in numbered:
            for position in ("start", "middle", "end"):
                if not perturb.holds(text, clause):
                    made.append((key, f"{key}.{number}.{position}", f"{sort}@{position}", clause,
                                 lambda t=text, c=clause, p=position: perturb.insert(t, c, p)))
    out = []
    for key, name, kind, clause, make in made:
        if int(perturb.rank(name)[:8], 16) < share * 2**32:
            path = folder / f"{name}.txt"
            path.write_bytes(make().encode())
            out.append((sets.Sample(name, str(path), (frozenset(bench.words.names(key)),), 0), kind, clause))
    return out


def perturbations(bench, share=1.0, peer_count=400):
    """Of ours: neutral edits that stay EXACT; clauses that make it MODIFIED with their words in the
    residue and a clause id. Of a peer: edits under which it names the licence and nothing else;
    clauses under which it does not give the bare licence. Permissive and AI licences apart too."""
    made = perturbed_samples(bench, share)
    if made is None:
        return None
    result = {OURS: _our_perturbed(bench, made)}
    for peer, cache in bench.peers:
        result[peer.name] = _peer_perturbed(bench, cache, made, peer_count)
    return result


def _group(sample):
    return "permissive" if sample.name.startswith(tuple(k + "." for k in perturb.PERMISSIVE)) else "ai"


def _our_perturbed(bench, made):
    lines = bench.program.lines([s.path for s, _, _ in made])
    kinds, totals = {}, {}
    for s, kind, clause in made:
        line = lines[s.path]
        if clause is None:
            answer = scoring.modelwatch_answer(bench.words, line)
            right = line["status"] == "EXACT" and bool(set().union(*s.accepted) & answer.clean)
            _count(totals, "neutral", s, right)
        elif not clause:
            right = line["status"] != "EXACT"
            _count(totals, "word_flagged", s, right)
        else:
            words, named = perturb.is_named(line, clause)
            modified = line["status"] == "MODIFIED"
            right = modified and words and named
            own = "own_" if kind.startswith("own-") else ""
            for total, value in (("clause", right), ("flagged", line["status"] != "EXACT"),
                                 ("words", modified and words), ("clause_id", modified and named)):
                _count(totals, own + total, s, value)
        _tally(kinds.setdefault(kind, [0, 0]), right)
        if not right:
            bench.report([("perturbed", kind, s.name, "EXACT" if clause is None else "MODIFIED, named" if clause else "not EXACT",
                           line["status"], line.get("expression", ""))])
    return {name: _share(*t) for name, t in totals.items()} | {
        "files": len(made), "kinds": {k: _share(*t) for k, t in sorted(kinds.items())}}


def _peer_perturbed(bench, cache, made, count):
    half = [sets.every([s for s, kind, clause in made
                        if (clause is None) == neutral and not kind.startswith(("own-", "word-"))], count // 2)
            for neutral in (True, False)]
    answers = peer_tools.answers(bench.words, cache.rows(half[0] + half[1]))
    totals = {}
    for samples, total in zip(half, ("neutral", "flagged")):
        # A generic key beside the licence ("proprietary-license") is no wrong name, but it is a warning.
        rules = scoring.Rules(lenient=True, generic=total == "flagged")
        for s in samples:
            bare = scoring.is_right(answers[s.name], s.accepted, rules)
            _count(totals, total, s, bare == (total == "neutral"))
    return {name: _share(*t) for name, t in totals.items()} | {"files": count}


def _count(totals, name, sample, right):
    """Counts for all and for the sample's group."""
    for key in (name, f"{name}_{_group(sample)}"):
        _tally(totals.setdefault(key, [0, 0]), right)


def _tally(total, right):
    total[0] += bool(right)
    total[1] += 1


def _share(right, of):
    return right / of if of else None
