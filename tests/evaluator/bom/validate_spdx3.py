# SPDX-License-Identifier: Apache-2.0
"""Judges every *.json of a directory as SPDX 3.0.1, and sees that broken copies are refused.

Always by the classes of spdx-python-model, which are made from the model of SPDX 3.0.1. With
MODELWATCH_SPDX3 also by spdx3-validate (JSON schema and SHACL): it names a directory with
schema-v3.0.1.json, spdx-context-v3.0.1.jsonld and spdx-model-v3.0.1.jsonld, as the jar
org.spdx:spdx-v3jsonld-store:1.0.1 carries them; spdx3-validate would else fetch them.
"""

import copy
import json
import os
import pathlib
import sys

from spdx_python_model import v3_0_1

LICENCE_RELATIONS = ("hasDeclaredLicense", "hasConcludedLicense")


def judge_by_model(bom):
    objects = v3_0_1.SHACLObjectSet()
    v3_0_1.JSONLDDeserializer().deserialize_data(bom, objects)
    dangling = objects.link()
    assert all("NoAssertionLicense" in str(one) for one in dangling), dangling
    # What must be there is looked at when it is written.
    v3_0_1.JSONLDSerializer().serialize_data(objects)
    # A rule of the AI profile that no schema states.
    for package in objects.foreach_type(v3_0_1.ai_AIPackage):
        for kind in LICENCE_RELATIONS:
            count = sum(
                relation.relationshipType.endswith("/" + kind) and relation.from_ is package
                for relation in objects.foreach_type(v3_0_1.Relationship)
            )
            assert count == 1, (package._id, kind, count)
        for needed in ("suppliedBy", "releaseTime", "software_downloadLocation",
                       "software_packageVersion", "software_primaryPurpose"):
            assert getattr(package, needed), (package._id, needed)


def spdx3_validator(directory):
    """A function from a BOM to what spdx3-validate finds wrong with it."""
    import rdflib
    from spdx3_validate import core

    def read(name):
        return json.loads((directory / name).read_text(encoding="utf-8"))

    context = read("spdx-context-v3.0.1.jsonld")["@context"]
    validator = core.schema_validator(read("schema-v3.0.1.json"))
    shacl = rdflib.Graph().parse(str(directory / "spdx-model-v3.0.1.jsonld"), format="json-ld")
    version = core.find_version("https://spdx.org/rdf/3.0.1/spdx-context.jsonld")

    def judge(bom):
        assert core.find_version(bom["@context"]) == version
        wrong = [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(bom)]
        local = json.dumps({"@context": context, "@graph": bom["@graph"]})
        graph = rdflib.Graph().parse(data=local, format="json-ld")
        return wrong + core.check_graph(graph, shacl, version, False)

    return judge


def is_refused(judge, bom):
    try:
        return bool(judge(bom))
    except (ValueError, TypeError, AssertionError, KeyError):
        return True


def main(directory):
    judges = [judge_by_model]
    if os.environ.get("MODELWATCH_SPDX3"):
        judges.append(spdx3_validator(pathlib.Path(os.environ["MODELWATCH_SPDX3"])))
    names = sorted(pathlib.Path(directory).glob("*.json"))
    assert names, "there is nothing to judge"
    for name in names:
        bom = json.loads(name.read_text(encoding="utf-8"))
        relation_broken, created_gone = copy.deepcopy(bom), copy.deepcopy(bom)
        next(e for e in relation_broken["@graph"] if e["type"] == "Relationship")[
            "relationshipType"] = "isLicensedSomehow"
        del next(e for e in created_gone["@graph"] if e["type"] == "CreationInfo")["created"]
        for judge in judges:
            wrong = judge(bom)
            assert not wrong, (name.name, wrong)
            assert is_refused(judge, relation_broken), (name.name, "a relation that is none")
            assert is_refused(judge, created_gone), (name.name, "no time")
    print(f"{len(names)} BOMs are valid, by {len(judges)} judges")


if __name__ == "__main__":
    main(sys.argv[1])
