# SPDX-License-Identifier: Apache-2.0
"""Says from facts alone which way terms moved: the reading that the evaluator is tested against.

Each licence has the outcome of 27 scenarios in scenarios.csv (0 free .. 3 prohibited). What is not
known is the interval [0, 3] in every scenario; so is the absence of a licence, because nobody then said
anything. A scenario is lost when its new lower bound is above
its old upper bound, gained when the reverse holds.
"""
import csv

# license_name as publishers write it -> row of terms.csv. Only names whose licence is beyond doubt.
NAMES = {
    "lfm1.0": "LFM-1.0",
    "qwen-research": "Qwen-Research-2024",
    "Yi-1.0": "Yi-1.0",
    "modified-mit": "Kimi-K2-Modified-MIT",
    "stabilityai-ai-community": "Stability-Community-2024",
}

# A patent licence that ends when suing over patents: expected of permissive licences, so no news.
NO_NEWS = {"sue_licensor_ip"}


def is_news(lost):
    """Whether a person wants to be told of these lost scenarios."""
    return bool(set(lost) - NO_NEWS)


class Terms:
    """Scenario outcomes by hub tag, license_name or corpus key."""

    def __init__(self, shared):
        with open(f"{shared}/data/scenarios.csv", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.scenarios = list(rows[0])[4:]
        vectors = {row["id"]: [int(row[name]) for name in self.scenarios] for row in rows}
        with open(f"{shared}/data/terms.csv", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.by_tag = {r["hf_tag"]: vectors.get(r["id"]) for r in rows if r["hf_tag"]}
        self.by_key = {r["scancode_key"]: vectors.get(r["id"]) for r in rows if r["scancode_key"]}
        self.by_name = {name: vectors[row] for name, row in NAMES.items()}

    def of(self, tags, license_name, texts):
        """(low, high) of each scenario. Text outranks tag; two texts or tags are joined."""
        known = [self.by_key.get(key) for key in texts]
        if not known:
            known = [self._declared(tag, license_name) for tag in tags]
        if not known or None in known:
            return [(0, 3)] * len(self.scenarios)
        return [(max(values), max(values)) for values in zip(*known)]

    def _declared(self, tag, license_name):
        if tag.lower() == "other":
            return self.by_name.get(license_name)
        alias = {"apache2.0": "apache-2.0"}.get(tag.lower(), tag.lower())
        return self.by_tag.get(alias)

    def move(self, old, new):
        """(direction, lost scenarios, gained scenarios)."""
        triples = list(zip(self.scenarios, old, new))
        lost = [name for name, before, after in triples if after[0] > before[1]]
        gained = [name for name, before, after in triples if before[0] > after[1]]
        if lost:
            return ("mixed" if gained else "tighter"), lost, gained
        if gained:
            return "looser", lost, gained
        return ("same" if old == new and (0, 3) not in old else "unclear"), lost, gained
