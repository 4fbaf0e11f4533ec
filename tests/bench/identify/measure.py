# SPDX-License-Identifier: Apache-2.0
"""The measurements: each takes the bench's context and gives one plain dictionary of figures."""

import dataclasses
import json
import pathlib
import subprocess

import disguise
import false_clear
import holdout
import installed
import peers as peer_tools
import scoring
import sets
import vocabulary

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
        nothing = [s for s in asked if not any(s.accepted)]
        if nothing:
            some = [s for s in asked if any(s.accepted)]
            right, of = scoring.rate(some, answers, scoring.Rules(False, generic))
            bare = sum(1 for s in nothing if s.name in answers and
                       scoring.Rules(False, generic).normal(answers[s.name].clean))
            result[tool].update(labelled_nothing=len(nothing), strict_of_the_others=right / of, nothing_but_given=bare)
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
    """Modified permissive licences that neither our corpus nor ScanCode's index has; the other peers
    keep their data, which has few of them."""
    keys = false_clear.left_out_keys(bench.licences)
    samples = holdout.texts(bench.licences, keys, bench.work / "modified")
    asked = bench.ask(samples)
    asked[OURS] = (samples, _program_without(bench, keys, "modified").answers(samples))
    _ask_scancode_without(bench, keys, "modified", samples, asked)
    return _count_clears(bench, "false_clear_left_out", samples, asked)


def _ask_scancode_without(bench, keys, name, samples, asked):
    """Puts the answers of ScanCode without `keys` into `asked`; its rows, or {} without ScanCode."""
    for peer, cache in bench.peers:
        if peer.name == "ScanCode":
            rows = cache.without(keys, _scancode_sources(bench, keys, name)).rows(samples)
            asked[peer.name] = (samples, peer_tools.answers(bench.words, rows))
            return rows
    return {}


def _scancode_sources(bench, keys, name):
    """Makes the folders [licences, rules] of ScanCode's data without `keys`, when called."""
    licences = pathlib.Path(bench.licences)
    return lambda: holdout.filtered_sources([licences, licences.parent / "rules"], keys, bench.words,
                                            bench.work / f"{name}-scancode")


def _program_without(bench, keys, name):
    folders = holdout.filtered_sources(bench.sources, keys, bench.words, bench.work / f"{name}-sources")
    corpus = bench.work / f"{name}.bin"
    bench.program.build_corpus(folders, corpus)
    return bench.program.with_corpus(corpus)


def disguised(bench, keys=("mit", "apache-2.0", "bsd-new", "isc", "bsd-simplified", "zlib",
                           "llama-3.3-license-2024", "gpl-3.0")):
    """Restrictions where they are easily overlooked (disguise.py): how many are EXACT, or a bare mention."""
    folder, samples = bench.work / "disguised", []
    folder.mkdir(parents=True, exist_ok=True)
    for key in keys:
        source = pathlib.Path(bench.licences) / f"{key}.LICENSE"
        if not source.exists():
            continue
        body = false_clear.body_of(source.read_text(encoding="utf-8", errors="replace")).strip() + "\n"
        for name, text in disguise.shapes(body):
            path = folder / f"{key}.{name}.txt"
            path.write_bytes(text.encode())
            samples.append(sets.Sample(path.stem, str(path), (frozenset({key}),), 0))
    lines = bench.program.lines([s.path for s in samples])
    cleared = [s.name for s in samples if lines[s.path]["status"] in ("EXACT", "MENTION")]
    bench.report([("disguised", OURS, name, "flagged", lines[str(folder / f"{name}.txt")]["status"], "")
                  for name in cleared])
    shapes = {s.name.split(".")[-1] for s in samples}
    return {OURS: {"files": len(samples), "shapes": len(shapes), "false_clears": len(cleared)}}


def open_set(bench, count=260):
    """Licences left out of the corpus: how many get EXACT, and how many of those under another key
    of the same words (relabels). Peers: how many of the licences that they cannot know get a name;
    ScanCode with the same licences left out, and only names that look like a whole text."""
    keys = holdout.choose(bench.licences, count)
    samples = holdout.texts(bench.licences, keys, bench.work / "open")
    lines = _program_without(bench, keys, "open").lines([s.path for s in samples])
    result, statuses = {"licences": len(keys)}, {}
    clean = {}
    for s in samples:
        line = lines[s.path]
        statuses[line["status"]] = statuses.get(line["status"], 0) + 1
        if line["status"] == "EXACT":
            clean[s.name] = scoring.modelwatch_answer(bench.words, line).clean
    result[OURS] = _named(bench, OURS, samples, clean) | {"statuses": statuses}
    unknown = [s for s in samples if not bench.words.has_spdx(s.name)]
    asked = {}
    rows = _ask_scancode_without(bench, keys, "open", samples, asked)
    strong = {name: bench.words.expression(" ".join(row.get("strong", []))) for name, row in rows.items()}
    for peer, cache in bench.peers:
        if peer.name == "ScanCode":
            result[peer.name] = _named(bench, peer.name, samples, strong)
            result[peer.name]["any_name"] = sum(bool(_specific(a.found)) for a in asked[peer.name][1].values())
        else:
            answers = peer_tools.answers(bench.words, cache.rows(unknown))
            result[peer.name] = _named(bench, peer.name, unknown, {n: a.found for n, a in answers.items()})
    return result


def _specific(names):
    return vocabulary.drop_generic(names)


def _named(bench, tool, samples, given):
    """{of, named, relabels}: samples that got a specific name, those of the same words apart."""
    named, relabels = 0, 0
    for s in samples:
        names = _specific(given.get(s.name, ()))
        if not names:
            continue
        same = any(holdout.same_words(bench.licences, s.name, name) for name in names)
        relabels, named = relabels + same, named + (not same)
        bench.report([("open_set", tool, "relabel" if same else "named", s.name, " ".join(sorted(names)))])
    return {"of": len(samples), "named": named, "relabels": relabels}


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
