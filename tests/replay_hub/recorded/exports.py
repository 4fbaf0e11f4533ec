# SPDX-License-Identifier: Apache-2.0
"""Releases chosen from hf-2026-08: every licence change and gate flip, some of the rest."""
import collections
import datetime

from facts import Release, parse, utc

SPAM = ("testrepo", "affine", "mirror-")  # throw-away repositories: nothing to learn from
# Of what hf-2026-08 holds: kind, at most so many of one owner, at most so many.
CHOICE = (("licence", 12, 999), ("gate", 999, 999), ("declared", 2, 20), ("removed", 2, 25),
          ("flap", 1, 20))
RADAR = "686f6c61/radar-huggingface-dataset"


# --- hf-2026-08: changes between exports

def radar_release(states, salt=""):
    first = states[0]
    release = Release(first.name, utc(first.created), "second", "huggingface", RADAR, salt)
    release.pipeline = first.record["pipeline_tag"] or ""
    release.library = first.record["library"] or ""
    release.base_model = first.record["base_model"] or ""
    release.add("create", release.created, "second", f"{RADAR} {first.export.commit[:10]}",
                tag="|".join(first.licences), license_name=first.license_name,
                gate="auto" if first.gated else "")
    if not first.present:
        release.add("remove", utc(first.removed_at), "second", RADAR)
    return release


def export_time(export, offset=0):
    return utc((parse(export.date) + datetime.timedelta(seconds=offset)).isoformat())


def add_radar_moments(release, states, ids_of):
    for old, new in zip(states, states[1:]):
        source = f"{RADAR} {new.export.commit[:10]}"
        event = ids_of.get((release.name.lower(), new.export.commit[:10]), {})
        before = {"not_before": utc(old.export.date)}
        if old.present and not new.present:
            when, how = (utc(new.removed_at), "second") if new.removed_at else (
                export_time(new.export), "export")
            release.add("remove", when, how, source, **before)
        if new.present and not old.present:
            release.add("restore", export_time(new.export, -2), "export", source, **before)
        if not (old.present and new.present):
            continue
        if (old.licences, old.license_name) != (new.licences, new.license_name):
            release.add("push", utc(new.updated), "second", source, tag="|".join(new.licences),
                        license_name=new.license_name, event=event.get("licence", ""))
        elif old.updated != new.updated:
            release.add("push", utc(new.updated), "second", source, tag="|".join(new.licences),
                        license_name=new.license_name)
        if old.gated != new.gated:
            release.add("gate" if new.gated else "ungate", export_time(new.export, -1), "export",
                        source, gate="auto" if new.gated else "open", event=event.get("gate", ""),
                        **before)


def radar_kind(states):
    """What a history is good for, by its first striking feature."""
    pairs = list(zip(states, states[1:]))
    if any(later.created != earlier.created for earlier, later in pairs):
        return "taken-over"
    if any(a.gated != b.gated for a, b in pairs if a.present and b.present):
        return "gate"
    if any(a.present and not b.present for a, b in pairs):
        return "flap" if states[-1].present else "removed"
    if any(b.present and not a.present for a, b in pairs) or not states[0].present:
        return "returned"
    changed = [(a, b) for a, b in pairs if (a.licences, a.license_name) != (b.licences, b.license_name)]
    if changed:
        return "licence" if changed[0][0].licences else "declared"
    return "quiet"


def radar_groups(histories):
    groups = collections.defaultdict(list)
    for path, states in histories.items():
        if any(word in path for word in SPAM) or path[:-5].endswith("-2"):
            continue
        groups[radar_kind(states)].append(states)
    return groups


def few_of_each_owner(histories, limit):
    counts = collections.Counter()
    for states in histories:
        owner = states[0].name.split("/")[0]
        counts[owner] += 1
        if counts[owner] <= limit:
            yield states


def event_ids(histories, events):
    """(name, export) -> {"licence" or "gate": event id}."""
    ids_of = collections.defaultdict(dict)
    for event in events.values():
        if event["source"] == RADAR:
            key = (event["model"], event["evidence_ref"].split()[0])
            ids_of[key]["gate" if event["object"] == "access" else "licence"] = event["event_id"]
    # Event ids are by slug ("qwen3-8"), names are not ("Qwen3.8"): index both ways.
    for states in histories.values():
        slug = slug_of(states[0].name)
        for state in states:
            key = state.export.commit[:10]
            if (slug, key) in ids_of:
                ids_of[states[0].name.lower(), key] = ids_of[slug, key]
    return ids_of


def radar_releases(histories, events, taken):
    ids_of = event_ids(histories, events)
    groups = {kind: [states for states in group if states[0].present]
              for kind, group in radar_groups(histories).items()}
    told = {event["model"] for event in events.values() if event["source"] == RADAR}
    chosen = [states for kind, group in groups.items() for states in group
              if kind != "taken-over" and slug_of(states[0].name) in told]
    for kind, each_owner, limit in CHOICE:
        names = {states[0].name for states in chosen}
        more = [states for states in groups[kind] if states[0].name not in names]
        chosen += list(few_of_each_owner(more, each_owner))[:limit]
    quiet = [s for s in groups["quiet"]
             if s[0].export.index == 0 and s[0].name.lower() not in taken]
    quiet.sort(key=lambda s: (-s[0].record["likes"], -s[0].record["downloads_30d"], s[0].name))
    for states in chosen + list(few_of_each_owner(quiet, 2))[:100]:
        release = radar_release(states)
        add_radar_moments(release, states, ids_of)
        yield release
    for states in list(few_of_each_owner(groups["taken-over"], 1))[:10]:
        yield from taken_over(states, ids_of)


def slug_of(name):
    owner, _, repo = name.lower().partition("/")
    return f"{owner}/{repo.replace('.', '-')}"


def taken_over(states, ids_of):
    """One release for each creation time under the name; the old one goes when the new one comes."""
    lives = []
    for state in states:
        if not lives or lives[-1][0].created != state.created:
            lives.append([])
        lives[-1].append(state)
    for life, following in zip(lives, lives[1:] + [None]):
        release = radar_release(life)
        add_radar_moments(release, life, ids_of)
        if following and release.moments[-1]["what"] != "remove":
            gone = utc((parse(following[0].created) - datetime.timedelta(seconds=1)).isoformat())
            release.add("remove", gone, "interval",
                        f"{RADAR} {following[0].export.commit[:10]}",
                        not_before=release.moments[-1]["date"], note="name taken over by another id")
        yield release
