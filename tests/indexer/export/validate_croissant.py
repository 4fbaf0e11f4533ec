# SPDX-License-Identifier: Apache-2.0
"""Judges croissant.json with mlcroissant, reads a table through it, and sees that a broken copy fails."""

import json
import logging
import os
import sys

import mlcroissant


class Complaints(logging.Handler):
    def __init__(self):
        super().__init__(logging.WARNING)
        self.texts = []

    def emit(self, record):
        self.texts.append(record.getMessage())


def main(directory: str) -> int:
    os.chdir(directory)
    complaints = Complaints()
    logging.getLogger("absl").addHandler(complaints)
    dataset = mlcroissant.Dataset("croissant.json")
    assert not complaints.texts, complaints.texts
    assert len(dataset.metadata.record_sets) == 9, dataset.metadata.record_sets
    ids = [record["releases/id"] for record in dataset.records("releases")]
    assert ids in (["owner/a", "owner/b"], [b"owner/a", b"owner/b"]), ids
    with open("croissant.json", encoding="utf-8") as file:
        broken = json.load(file)
    assert broken["conformsTo"] == "http://mlcommons.org/croissant/1.1"
    del broken["recordSet"][0]["field"][0]["dataType"]
    broken["recordSet"][0]["field"][1]["source"]["fileObject"]["@id"] = "nothing"
    with open("broken.json", "w", encoding="utf-8") as file:
        json.dump(broken, file)
    try:
        mlcroissant.Dataset("broken.json")
    except mlcroissant.ValidationError:
        return 0
    print("a broken description passes", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
