# SPDX-License-Identifier: Apache-2.0
"""The measurements: each takes the bench's context and gives one plain dictionary of figures."""

import dataclasses
import json
import pathlib
import subprocess

import false_clear
import holdout
import installed
import peers as peer_tools
import perturb
import scoring
import sets

OURS = "modelwatch"


@dataclasses.dataclass
class Bench:
    """What the measurements share. `peers`: [(Peer, Answers)]; `report(row)`: takes error rows."""
    program: object
    words: object
    licences: str
    sources: list
    work: pathlib.Path
    peers: list
    report: object
    timer: str = ""

    def ask(self, samples, count=None):
        """tool -> (samples asked, answers by name); peers get at most `count` of them."""
        asked = {OURS: (samples, self.program.answers(samples))}
        for peer, cache in self.peers:
            chosen = sets.every(samples, count) if count else samples
            asked[peer.name] = (chosen, peer_tools.answers(self.words, cache.rows(chosen)))
        return asked


def labelled(bench, name, load, generic, peer_count=None):
    """Exact sets of one labelled set: {tool: {strict, lenient, f1, files}}; None without data."""
    samples = load(bench.words, bench.work)
    if samples is None:
        return None
    result = {}
    for tool, (asked, answers) in bench.ask(samples, peer_count).items():
        result[tool] = {"files": len(asked)}
        for label, lenient in (("strict", False), ("lenient", True)):
            rules = scoring.Rules(lenient=lenient, generic=generic)
            right, of = scoring.rate(asked, answers, rules)
            result[tool][label] = right / of
            result[tool][label + "_f1"] = scoring.key_f1(asked, answers, rules)
        if generic:
            right, of = scoring.rate(asked, answers, scoring.Rules(False, False))
            result[tool]["strict_without_generic"] = right / of
        if tool == OURS:
            rows = scoring.errors(asked, answers, scoring.Rules(False, generic))
            result[tool]["errors"] = scoring.error_counts(rows)
            bench.report([(name, *row) for row in rows])
    return result


def installed_packages(bench, peer_count=None):
    samples = installed.collect(bench.words)
    return labelled(bench, "installed", lambda *_: samples, False, peer_count) if samples else None


def _count_clears(bench, label, samples, asked_answers):
    counts = {}
    for tool, (asked, answers) in asked_answers.items():
        wrong, relabels = [], []
        for s in asked:
            answer = answers.get(s.name)
            if answer and false_clear.is_false_clear(bench.words, answer, s.accepted):
                same = any(holdout.same_words(bench.licences, own, given)
                           for own in set().union(*s.accepted) for given in answer.clean)
                (relabels if same else wrong).append(s.name)
        counts[tool] = {"files": len(asked), "false_clears": len(wrong), "relabels": len(relabels)}
        bench.report([(label, tool, name, "flagged or not permissive", answers[name].raw, "")
                      for name in wrong])
    return counts


def false_clears_real(bench):
    samples = false_clear.real(bench.words)
    if samples is None:
        return None
    return _count_clears(bench, "false_clear_real", samples, bench.ask(samples))


def false_clears_left_out(bench):
    """Modified permissive licences; ours does not have them in its corpus, the peers keep theirs."""
    keys = false_clear.left_out_keys(bench.licences)
    samples = holdout.texts(bench.licences, keys, bench.work / "modified")
    asked = bench.ask(samples)
    without = _program_without(bench, keys, "modified")
    asked[OURS] = (samples, without.answers(samples))
    return _count_clears(bench, "false_clear_left_out", samples, asked)


def _program_without(bench, keys, name):
    folders = holdout.filtered_sources(bench.sources, keys, bench.words, bench.work / f"{name}-sources")
    corpus = bench.work / f"{name}.bin"
    bench.program.build_corpus(folders, corpus)
    return bench.program.with_corpus(corpus)


def open_set(bench, count=260):
    """Licences left out of the corpus: how many get EXACT, and how many of those under another key
    of the same words (relabels)."""
    keys = holdout.choose(bench.licences, count)
    samples = holdout.texts(bench.licences, keys, bench.work / "open")
    lines = _program_without(bench, keys, "open").lines([s.path for s in samples])
    exact, relabels, statuses = [], [], {}
    for s in samples:
        line = lines[s.path]
        statuses[line["status"]] = statuses.get(line["status"], 0) + 1
        if line["status"] != "EXACT":
            continue
        given = scoring.modelwatch_answer(bench.words, line).clean
        same = any(holdout.same_words(bench.licences, s.name, name) for name in given)
        (relabels if same else exact).append(s.name)
        bench.report([("open_set", "relabel" if same else "exact", s.name, "not EXACT",
                       " ".join(sorted(given)), line["expression"])])
    return {"licences": len(keys), "exact": len(exact), "relabels": len(relabels), "statuses": statuses}


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
        for number, (sort, _, clause) in enumerate(clauses):
            for position in ("start", "middle", "end"):
                if not perturb.holds(text, clause):
                    made.append((key, f"{key}.{number:02d}.{position}", f"{sort}@{position}", clause,
                                 lambda t=text, c=clause, p=position: perturb.insert(t, c, p)))
    out = []
    for key, name, kind, clause, make in made:
        if int(perturb.rank(name)[:8], 16) < share * 2**32:
            path = folder / f"{name}.txt"
            path.write_bytes(make().encode())
            out.append((sets.Sample(name, str(path), (frozenset(bench.words.names(key)),), 0), kind, clause))
    return out


def perturbations(bench, share=1.0, peer_count=300):
    made = perturbed_samples(bench, share)
    if made is None:
        return None
    lines = bench.program.lines([s.path for s, _, _ in made])
    kinds, totals = {}, {"neutral": [0, 0], "clause": [0, 0], "flagged": [0, 0], "words": [0, 0], "clause_id": [0, 0]}
    for s, kind, clause in made:
        line = lines[s.path]
        if clause is None:
            answer = scoring.modelwatch_answer(bench.words, line)
            right = line["status"] == "EXACT" and bool(set().union(*s.accepted) & answer.clean)
            _tally(totals["neutral"], right)
        else:
            words, named = perturb.is_named(line, clause)
            modified = line["status"] == "MODIFIED"
            right = modified and words and named
            for total, value in (("clause", right), ("flagged", line["status"] != "EXACT"),
                                 ("words", modified and words), ("clause_id", modified and named)):
                _tally(totals[total], value)
        _tally(kinds.setdefault(kind, [0, 0]), right)
        if not right:
            bench.report([("perturbed", kind, s.name, "EXACT" if clause is None else "MODIFIED, named",
                           line["status"], line.get("expression", ""))])
    result = {OURS: {name: _share(*t) for name, t in totals.items()}}
    result[OURS].update(files=len(made), kinds={k: _share(*t) for k, t in sorted(kinds.items())})
    for peer, cache in bench.peers:
        result[peer.name] = _peer_perturbed(bench, cache, made, peer_count)
    return result


def _peer_perturbed(bench, cache, made, count):
    """Neutral: names the licence and nothing else. Clause: does not give the bare licence."""
    chosen = {s.name for s in sets.every([s for s, _, _ in made], count)}
    rows = [(s, clause) for s, _, clause in made if s.name in chosen]
    answers = peer_tools.answers(bench.words, cache.rows([s for s, _ in rows]))
    neutral, clear = [0, 0], [0, 0]
    for s, clause in rows:
        bare = scoring.is_right(answers[s.name], s.accepted, scoring.Rules(True, False))
        _tally(neutral if clause is None else clear, bare if clause is None else not bare)
    return {"files": len(rows), "neutral": _share(*neutral), "flagged": _share(*clear)}


def _tally(total, right):
    total[0] += bool(right)
    total[1] += 1


def _share(right, of):
    return right / of if of else None


def times(bench, loads, peer_count):
    """Per file, in CPU ms: {set: {tool: {mean, p50, p99, mb_s, files}}}; start and memory of ours."""
    result = {"start": {}}
    for name, load in loads:
        samples = load(bench.words, bench.work)
        if samples is None:
            continue
        result[name] = {}
        if bench.timer:
            paths = "".join(s.path + "\n" for s in samples)
            done = subprocess.run([bench.timer, bench.program.corpus], input=paths, text=True,
                                  capture_output=True, check=True)
            ours = json.loads(done.stdout)
            each = ours.pop("each_ms")
            slowest = sorted(zip(each, samples), key=lambda pair: -pair[0])[:10]
            bench.report([("slowest", name, s.name, f"{s.size} bytes", f"{ms:.2f} ms", "") for ms, s in slowest])
            result[name][OURS] = ours
            result["start"][OURS] = ours["open_cpu_ms"]
        for peer, cache in bench.peers:
            chosen = sets.every(samples, peer_count) if peer_count else samples
            rows = cache.rows(chosen, ask=True)
            result[name][peer.name] = _quantiles([rows[s.name]["cpu_ms"] for s in chosen],
                                                 sum(s.size for s in chosen))
            result["start"][peer.name] = (peer.start_s or 0) * 1000
    return result


def _quantiles(each, size):
    ranked = sorted(each)
    at = lambda share: ranked[min(len(ranked) - 1, int(share * len(ranked)))]
    return {"files": len(each), "mean_ms": sum(each) / len(each), "p50_ms": at(0.5), "p99_ms": at(0.99),
            "mb_s": size / 1e6 / (sum(each) / 1000)}
