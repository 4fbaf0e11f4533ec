# SPDX-License-Identifier: Apache-2.0
"""A release with its moments, and readers of tables."""
import csv
import datetime
import hashlib
import io
import json
import subprocess

MOMENT_COLUMNS = ("date date_precision not_before release id what revision revision_rule tag "
                  "license_name gate path text edits new_name event kind label expected alert lost "
                  "note source").split()


class Release:
    """A release and its moments, in order."""

    def __init__(self, name, created, precision, origin, source, salt=""):
        self.name, self.created, self.precision = name, created, precision
        self.origin, self.source, self.salt = origin, source, salt
        self.pipeline = self.library = self.base_model = ""
        self.real_id = ""
        self.moments = []

    @property
    def id(self):
        """The real one, else creation second (as the hub's ids begin) + hash of name and salt."""
        if self.real_id:
            return self.real_id
        digest = hashlib.sha1(f"{self.name}\n{self.salt}".encode()).hexdigest()
        return f"{int(parse(self.created).timestamp()):08x}{digest[:16]}"

    def add(self, what, date, precision, source, **facts):
        moment = dict.fromkeys(MOMENT_COLUMNS, "")
        moment.update(release=self.name, what=what, date=date, date_precision=precision, source=source)
        moment.update(facts)
        self.moments.append(moment)
        return moment


def parse(text):
    if len(text) == 10:
        text += "T12:00:00Z"  # a day is served at noon
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def utc(text):
    return parse(text).astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_csv(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_zst_csv(path):
    text = subprocess.run(["zstd", "-dc", "--long=27", path], check=True, capture_output=True).stdout
    return list(csv.DictReader(io.StringIO(text.decode())))


def read_jsonl(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]
