# SPDX-License-Identifier: Apache-2.0
"""Releases from publishers' repositories, another hub's catalogue and the popular list of 2026-06."""
import collections
import datetime
import pathlib

from facts import Release, parse, read_csv, read_jsonl, utc

HERE = pathlib.Path(__file__).parent
TOP = "currentai-org/os-ai-map top_models.csv (2026-06-10)"


# --- publishers' own repositories, web pages, recorded answers: curated.csv

def commits_of(shared):
    """(repo, first 8 hex) -> (full commit, date) of every publisher commit the data names."""
    found = {}
    for name in ("licence-texts/index.jsonl", "licence-history/versions.jsonl",
                 "licence-history/curated_events.jsonl"):
        for row in read_jsonl(f"{shared}/data/{name}"):
            found[row["repo"], row["commit"][:8]] = (row["commit"], row["date"])
    return found


def curated_releases(shared, events):
    commits, releases = commits_of(shared), {}
    for row in read_csv(HERE / "curated.csv"):
        commit, date = commits.get((row["repo"], row["commit"][:8]), (row["commit"], row["date"]))
        precision = row["date_precision"] or "second"
        event = events.get(row["event"], {})
        source = event.get("source") or row["repo"] or row["source"]
        source = f"{source} ({row['source']})"
        if row["release"] not in releases:
            origin = "github" if row["repo"] else "huggingface"
            releases[row["release"]] = Release(
                row["release"], utc(date), precision, origin, source)
        facts = {key: row[key] for key in
                 ("tag", "license_name", "gate", "path", "text", "edits", "event", "note")}
        if len(commit) == 40:
            facts.update(revision=commit, revision_rule="real")
        if precision == "interval":
            facts.update(not_before=releases[row["release"]].created[:10])
        releases[row["release"]].add(row["what"], utc(date), precision, source, **facts)
    gpt4chan = releases["ykilcher/gpt-4chan"]
    gpt4chan.real_id, gpt4chan.pipeline, gpt4chan.library = (
        "6283a9b7806a1feb9fbacf18", "text-generation", "transformers")
    return list(releases.values())


# --- a catalogue of another hub: Azure ML's metadata edits

def declared(raw):
    return "" if raw in ("(none)", "None") else raw


def azure_releases(events):
    by_model = collections.OrderedDict()
    for event in events.values():
        if event["hub"] == "azureml-registry":
            by_model.setdefault(event["model"], []).append(event)
    for model, rows in by_model.items():
        # When it was entered is not told: served from 30 days before the first edit.
        first = parse(rows[0]["date"]) - datetime.timedelta(days=30)
        release = Release(model, utc(first.isoformat()), "unknown", "azureml-registry",
                          rows[0]["source"])
        release.add("create", release.created, "unknown", rows[0]["source"],
                    tag=declared(rows[0]["from_terms"]))
        for count, event in enumerate(rows):
            same_day = sum(1 for other in rows[:count] if other["date"] == event["date"])
            when = parse(event["date"]) + datetime.timedelta(hours=4 * same_day)
            release.add("push", utc(when.isoformat()), event["date_precision"],
                        f"{event['source']} {event['evidence_ref'].split()[0]}",
                        tag=declared(event["to_terms"]), event=event["event_id"], note=event["note"])
        yield release


# --- the popular releases of 2026-06, and what changed of them since 2022-02

def top_licence(row):
    return "|".join(tag[8:] for tag in row["tags"].split(",") if tag.startswith("license:"))


def top_release(row):
    release = Release(row["model_id"], utc(row["created_at"]), "second", "huggingface", TOP)
    release.pipeline, release.library = row["pipeline_tag"], row["library_name"]
    base = [t[11:] for t in row["tags"].split(",") if t.startswith("base_model:") and t.count(":") == 1]
    release.base_model = base[0] if base else ""
    return release


def interval_releases(events, top):
    for event in events.values():
        if event["date_precision"] != "interval" or event["model"] not in top:
            continue
        row = top[event["model"]]
        release = top_release(row)
        legacy = event["note"].partition("legacy id ")[2]
        release.name = legacy or release.name
        release.add("create", release.created, "second", event["source"],
                    tag=declared(event["from_terms"]))
        facts = {"not_before": "2022-02-15", "event": event["event_id"]}
        seen = "2026-06-10T12:00:00Z"
        if legacy:
            release.add("rename", "2026-06-10T11:00:00Z", "interval", event["source"],
                        new_name=event["model"], not_before="2022-02-15")
        release.add("push", seen, "interval", event["source"], tag=declared(event["to_terms"]), **facts)
        yield release


def quiet_top_releases(top, taken, wanted):
    """The most downloaded ones with no event in any source: creation, and the last commit known."""
    for row in list(top.values()):
        if wanted == 0:
            return
        if row["model_id"].lower() in taken:
            continue
        wanted -= 1
        release = top_release(row)
        licence = top_licence(row)
        release.add("create", release.created, "second", TOP, tag=licence)
        if utc(row["last_modified"]) > release.created:
            release.add("push", utc(row["last_modified"]), "second", TOP, tag=licence)
        yield release
