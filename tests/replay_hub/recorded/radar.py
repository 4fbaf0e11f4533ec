# SPDX-License-Identifier: Apache-2.0
"""Reads hf-2026-08/radar-history.jsonl.zst: every exported version of about 13,300 model records.

The records carry renamed fields; this module says what the hub itself must have shown:

* `tags` are the hub's own and are the truth about the declared licence. The record's `license` is the
  exporter's reading: the tag, or `license_name` when the tag is `other`, and it is carried over from
  an older record when the new one has none. So it is used only as license_name beside `license:other`.
* a later `created_at` under the same name is another release: the old one was deleted and the name
  taken again (it never moves back; 197 times in the data).
* status D, `removed: true` and a vanished creation time are the three ways of being gone.
"""
import collections
import json
import subprocess

Export = collections.namedtuple("Export", "index date commit")
# A record as the hub showed it. `present` is False when the export says that it is gone.
State = collections.namedtuple(
    "State", "export present name created updated licences license_name gated removed_at record")


def read_rows(shared):
    """Rows in the order of the file, which is the order of the exports."""
    path = f"{shared}/data/hf-2026-08/radar-history.jsonl.zst"
    with subprocess.Popen(["zstd", "-dc", "--long=27", path], stdout=subprocess.PIPE) as unpack:
        for line in unpack.stdout:
            yield json.loads(line)


def licence_tags(record):
    return tuple(tag[8:] for tag in record["tags"] if tag.startswith("license:"))


def licence_name(record):
    if "other" in licence_tags(record) and record["license"] not in (None, "other"):
        return record["license"]
    return ""


def state_of(export, row, before):
    if row["status"] == "D":
        return before._replace(export=export, present=False, removed_at="")
    record = json.loads(row["text"])
    return State(export, not record["removed"], record["id"], record["created_at"],
                 record["updated_at"], licence_tags(record), licence_name(record),
                 bool(record["gated"]), record["removed_at"] or "", record)


def read_histories(shared):
    """({path: [State, ...]}, [Export, ...]), in the order of first appearance."""
    exports, histories = {}, collections.OrderedDict()
    for row in read_rows(shared):
        export = exports.setdefault(
            row["commit"], Export(len(exports), row["date"], row["commit"]))
        states = histories.setdefault(row["path"], [])
        states.append(state_of(export, row, states[-1] if states else None))
    return histories, list(exports.values())
