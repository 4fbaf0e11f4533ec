# SPDX-License-Identifier: Apache-2.0
"""huggingface_hub, the Hub's official Python client, against a replay hub.

Started by with_replay_hub.sh. Every check is a function; all of them run, and one that fails does not
stop the others.
"""

import json
import os
import pathlib
import sys
import traceback
import urllib.request

from huggingface_hub import HfApi, hf_hub_download, snapshot_download
from huggingface_hub import errors

ENDPOINT = os.environ["HF_ENDPOINT"]
CONTROL = os.environ["CONTROL_URL"]
IS_TLS = ENDPOINT.startswith("https://")
SYNTHETIC = 2345
CASES_LISTED = 6  # open, base, manual, auto, disabled, Other

API = HfApi(endpoint=ENDPOINT, token=False)
USER = HfApi(endpoint=ENDPOINT, token="hf_test")
GRANTED = HfApi(endpoint=ENDPOINT, token="hf_granted")
LAST_COMMIT_COUNT = 3


def control(method, path):
    request = urllib.request.Request(CONTROL + path, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def raises(error, call, *args, **kwargs):
    """The error that the call raised; anything but `error` fails the check."""
    try:
        call(*args, **kwargs)
    except error as raised:
        assert type(raised) is error, f"{type(raised).__name__} instead of {error.__name__}"
        return raised
    raise AssertionError(f"{call.__name__} did not raise {error.__name__}")


def lists_every_release_once_over_all_pages():
    ids = [model.id for model in API.list_models(sort="created_at")]
    assert len(ids) == SYNTHETIC + CASES_LISTED, len(ids)
    assert len(set(ids)) == len(ids)
    assert "acme/private" not in ids and "acme/removed" not in ids


def default_order_and_other_orders_page_too():
    for sort in (None, "last_modified", "downloads", "likes", "trending_score"):
        ids = {model.id for model in API.list_models(sort=sort)}
        assert len(ids) == SYNTHETIC + CASES_LISTED, (sort, len(ids))


def full_rows_have_files_and_card():
    model = next(iter(API.list_models(author="acme", search="open", full=True, cardData=True)))
    assert model.id == "acme/open"
    assert model.author == "acme" and len(model.sha) == 40 and model.last_modified
    assert {"LICENSE", "model.safetensors"} <= {s.rfilename for s in model.siblings}
    assert model.card_data["license"] == "apache-2.0"
    assert model.disabled is None, "full rows carry no disabled"


def expanded_rows_have_what_was_asked():
    wanted = ["sha", "gated", "disabled", "tags", "cardData", "createdAt", "baseModels"]
    model = next(iter(API.list_models(author="acme", search="open", expand=wanted)))
    assert model.sha and model.gated is False and model.disabled is False and model.created_at
    assert "license:apache-2.0" in model.tags
    assert model.base_models, "baseModels is absent"
    assert model.siblings is None and model.likes is None


def filters_select():
    gated = {m.id for m in API.list_models(author="acme", gated=True)}
    assert gated == {"acme/manual", "acme/auto"}, gated
    both = [m.id for m in API.list_models(filter=["license:other", "license:mit"])]
    assert both == ["acme/Other"], both


def refuses_an_unknown_expand():
    error = raises(errors.BadRequestError, lambda: list(API.list_models(limit=1, expand=["usedStorage"])))
    assert "expected one of" in str(error)


def tells_details_with_blobs():
    info = API.model_info("acme/open", files_metadata=True)
    files = {s.rfilename: s for s in info.siblings}
    assert len(files["LICENSE"].blob_id) == 40 and files["LICENSE"].size > 0
    weights = files["model.safetensors"]
    assert weights.size == 300_000 and weights.lfs.size == 300_000
    assert len(weights.lfs.sha256) == 64 and weights.lfs.pointer_size > 100


def tells_details_at_a_revision():
    commits = API.list_repo_commits("acme/open")
    old = API.model_info("acme/open", revision=commits[-1].commit_id)
    assert old.sha == commits[-1].commit_id
    assert "model.safetensors" not in {s.rfilename for s in old.siblings}
    assert API.model_info("acme/open", revision="v1.0").sha == commits[1].commit_id
    assert API.model_info("acme/open", revision=old.sha[:8]).sha == old.sha


def tells_gate_and_takedown_in_details():
    assert API.model_info("acme/manual").gated == "manual"
    assert API.model_info("acme/auto").gated == "auto"
    assert API.model_info("acme/disabled").disabled is True


def follows_renames_and_legacy_names():
    for name in ("acme/old-base", "base", "ACME/Base"):
        assert API.model_info(name).id == "acme/base", name


def walks_the_tree():
    top = {entry.path: entry for entry in API.list_repo_tree("acme/open")}
    assert "onnx" in top and top["LICENSE"].blob_id and top["model.safetensors"].lfs.size == 300_000
    everything = {e.path for e in API.list_repo_tree("acme/open", recursive=True, expand=True)}
    assert {"onnx", "onnx/config.json", "onnx/deep er/notes.txt"} <= everything
    below = {e.path for e in API.list_repo_tree("acme/open", path_in_repo="onnx/deep er")}
    assert below == {"onnx/deep er/notes.txt"}
    raises(errors.RemoteEntryNotFoundError, lambda: list(API.list_repo_tree("acme/open", "nope")))


def lists_commits_and_refs():
    commits = API.list_repo_commits("acme/open", formatted=True)
    assert [c.title for c in commits] == ["Say more", "Add weights", "Release"]
    refs = API.list_repo_refs("acme/open", include_pull_requests=True)
    assert refs.branches[0].name == "main"
    assert refs.branches[0].target_commit == commits[0].commit_id
    assert refs.tags[0].name == "v1.0" and refs.pull_requests == []


def tells_paths_and_leaves_out_missing_ones():
    found = API.get_paths_info("acme/open", ["LICENSE", "onnx", "nope"], expand=True)
    assert sorted(f.path for f in found) == ["LICENSE", "onnx"]
    licence = next(f for f in found if f.path == "LICENSE")
    assert licence.last_commit.title == "Add weights", licence.last_commit


def downloads_a_file_and_no_body_again(tmp=pathlib.Path(os.environ["HF_HOME"])):
    def oid_count():
        return control("GET", "/_replay/bodies")

    arguments = dict(repo_id="acme/open", filename="LICENSE", endpoint=ENDPOINT, token=False,
                     cache_dir=tmp / "cache")
    path = hf_hub_download(**arguments)
    assert pathlib.Path(path).read_text() == "Apache text, first form\n"
    before = oid_count()
    assert hf_hub_download(**arguments) == path
    assert oid_count() == before, "the second download fetched a body"


def downloads_from_the_storage_host(tmp=pathlib.Path(os.environ["HF_HOME"])):
    path = hf_hub_download("acme/open", "model.safetensors", endpoint=ENDPOINT, token="hf_test",
                           cache_dir=tmp / "lfs")
    content = pathlib.Path(path).read_bytes()
    assert len(content) == 300_000 and content.startswith(b"weights weights ")
    assert control("GET", "/_replay/status")["leaked_credentials"] == 0


def downloads_a_snapshot(tmp=pathlib.Path(os.environ["HF_HOME"])):
    folder = pathlib.Path(snapshot_download("acme/open", endpoint=ENDPOINT, token=False,
                                            cache_dir=tmp / "snapshot"))
    files = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert {"LICENSE", "README.md", "onnx/deep er/notes.txt", "model.safetensors"} <= files, files


def maps_missing_and_private_to_not_found():
    for name in ("acme/nothing", "acme/private", "acme/removed"):
        raises(errors.RepositoryNotFoundError, USER.model_info, name)
        # The client reads a bare 401 as "not found" on https addresses alone.
        raises(errors.RepositoryNotFoundError if IS_TLS else errors.HfHubHTTPError,
               API.model_info, name)


def maps_a_bad_revision():
    raises(errors.RevisionNotFoundError, API.model_info, "acme/open", revision="nope")
    raises(errors.RevisionNotFoundError, hf_hub_download, "acme/open", "LICENSE", revision="nope",
           endpoint=ENDPOINT, token=False)


def maps_a_missing_file():
    raises(errors.RemoteEntryNotFoundError, hf_hub_download, "acme/open", "NOPE", endpoint=ENDPOINT,
           token=False)
    assert API.file_exists("acme/open", "LICENSE") and not API.file_exists("acme/open", "NOPE")
    assert API.repo_exists("acme/open") and not USER.repo_exists("acme/nothing")


def maps_a_gate():
    for token in (False, "hf_test"):
        raises(errors.GatedRepoError, hf_hub_download, "acme/manual", "LICENSE", endpoint=ENDPOINT,
               token=token)
    raises(errors.GatedRepoError, API.list_repo_commits, "acme/manual")
    path = hf_hub_download("acme/manual", "LICENSE", endpoint=ENDPOINT, token="hf_granted")
    assert "acme/manual" in pathlib.Path(path).read_text()


def maps_a_takedown():
    raises(errors.DisabledRepoError, GRANTED.list_repo_commits, "acme/disabled")
    # The client hides it behind "not in the cache", and names it as the cause.
    error = raises(errors.LocalEntryNotFoundError, hf_hub_download, "acme/disabled", "LICENSE",
                   endpoint=ENDPOINT, token="hf_granted")
    assert isinstance(error.__cause__, errors.DisabledRepoError), error.__cause__


def knows_its_tokens():
    assert USER.whoami()["name"] == "replay-user"
    raises(errors.HfHubHTTPError, HfApi(endpoint=ENDPOINT, token="wrong").model_info, "acme/open")


def lists_licence_tags():
    tags = API.get_model_tags()
    assert any(tag["id"] == "license:apache-2.0" for tag in tags["license"]), list(tags)


def moves_with_the_hubs_clock():
    """Last, because it moves the hub's time to the end of its moments."""
    before = API.model_info("acme/open").sha
    control("POST", "/_replay/advance?to=end")
    assert API.model_info("acme/open").sha != before
    assert len(API.list_repo_commits("acme/open")) == LAST_COMMIT_COUNT + 1
    assert API.model_info("acme/renamed").id == "acme/renamed"
    newcomer = API.model_info("acme/Other")
    assert newcomer.id == "acme/Other" and "license:gemma" in newcomer.tags
    assert API.model_info("acme/manual").gated == "manual"
    future = API.model_info("acme/renamed", expand=["lastModified"]).last_modified
    assert future.year == 2027, future


def never_leaks_a_credential():
    assert control("GET", "/_replay/status")["leaked_credentials"] == 0


def main():
    checks = [value for value in list(globals().values())
              if callable(value) and getattr(value, "__module__", "") == "__main__"
              and value.__name__ not in ("main", "control", "raises")]
    failed = 0
    for check in checks:
        try:
            check()
            print(f"ok      {check.__name__}")
        except Exception:  # noqa: BLE001 - a failed check must not stop the others
            failed += 1
            print(f"FAILED  {check.__name__}\n{traceback.format_exc()}")
    print(f"{len(checks) - failed} of {len(checks)} checks passed at {ENDPOINT}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
