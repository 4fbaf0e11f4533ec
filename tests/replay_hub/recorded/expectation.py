# SPDX-License-Identifier: Apache-2.0
"""What should come of each moment: kind, direction, alert or not. Facts only, no text is read."""
import datetime
import hashlib

import terms
from facts import parse

HOLD_DOWN_HOURS = 12  # PolicyConfig.access_hold_down_ms


def fill_revisions(release):
    for number, moment in enumerate(release.moments):
        if moment["what"] in ("create", "push") and not moment["revision"]:
            text = f"{release.id}\n{moment['date']}\n{number}"
            moment["revision"] = hashlib.sha1(text.encode()).hexdigest()
            moment["revision_rule"] = "derived"


def is_short(release, number):
    """Gone or gated for less than the hold-down."""
    moment = release.moments[number]
    back = {"remove": "restore", "gate": "ungate"}[moment["what"]]
    for later in release.moments[number + 1:]:
        if later["what"] == back:
            return parse(later["date"]) - parse(moment["date"]) < datetime.timedelta(
                hours=HOLD_DOWN_HOURS)
    return False


def judge_access(release, number):
    moment = release.moments[number]
    what = moment["what"]
    moment["kind"] = {"remove": "removal", "disable": "removal", "restore": "return",
                      "rename": "rename"}.get(what, "gate")
    moment["expected"], moment["alert"] = "looser", "no"
    if what == "rename":
        moment["expected"] = "same"
    elif what == "disable":
        moment["expected"], moment["alert"] = "tighter", "yes"
    elif what in ("remove", "gate"):
        short = is_short(release, number)
        moment["expected"], moment["alert"] = ("flap", "no") if short else ("tighter", "yes")


def is_cosmetic(old, new):
    return old["text"] == new["text"] and old["edits"] != new["edits"] or (
        old["tag"] != new["tag"] and plain(old["tag"]) == plain(new["tag"]))


def plain(tag):
    return tag.lower().replace("-", "").replace(" ", "")


def judge_push(book, old, new):
    before, after = (book.of([t for t in m["tag"].split("|") if t], m["license_name"],
                             [t for t in m["text"].split("|") if t]) for m in (old, new))
    direction, lost, _ = book.move(before, after)
    declared_same = all(old[key] == new[key] for key in ("tag", "license_name", "text", "edits"))
    if declared_same:
        new.update(kind="push", expected="same", alert="no")
        return
    if is_cosmetic(old, new):
        new.update(kind="cosmetic", expected="same", alert="no")
        return
    new.update(kind="licence", expected=direction, alert="yes" if terms.is_news(lost) else "no", lost=" ".join(lost))


def judge(book, release):
    last = None
    for number, moment in enumerate(release.moments):
        if moment["what"] == "create":
            moment.update(kind="first", expected="first", alert="no")
        elif moment["what"] == "push":
            judge_push(book, last, moment)
        else:
            judge_access(release, number)
        if moment["what"] in ("create", "push"):
            last = moment
