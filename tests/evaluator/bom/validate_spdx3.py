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


class Spdx3Validate:
    """spdx3-validate, with what it would fetch from a directory."""

    def __init__(self, directory):
        import rdflib
        from spdx3_validate import core

        def read(name):
            return json.loads((directory / name).read_text(encoding="utf-8"))

        self._core, self._graph = core, rdflib.Graph
        self._version = core.find_version("https://spdx.org/rdf/3.0.1/spdx-context.jsonld")
        self._context = read("spdx-context-v3.0.1.jsonld")["@context"]
        self._schema = core.schema_validator(read("schema-v3.0.1.json"))
        model = str(directory / "spdx-model-v3.0.1.jsonld")
        self._shacl = rdflib.Graph().parse(model, format="json-ld")

    def by_schema(self, bom):
        assert self._core.find_version(bom["@context"]) == self._version
        return [f"{one.json_path}: {one.message[:200]}" for one in self._schema.iter_errors(bom)]

    def by_shacl(self, boms):
        """All at once, because a run costs 10 s whatever it judges."""
        graph = self._graph()
        for number, bom in enumerate(boms):
            text = json.dumps({"@context": self._context, "@graph": bom["@graph"]})
            graph.parse(data=text.replace("_:creation", f"_:creation{number}"), format="json-ld")
        return self._core.check_graph(graph, self._shacl, self._version, False)


def is_refused_by_model(bom):
    try:
        judge_by_model(bom)
    except (ValueError, TypeError, AssertionError, KeyError):
        return True
    return False


def broken_copies(bom):
    relation, time = copy.deepcopy(bom), copy.deepcopy(bom)
    next(one for one in relation["@graph"] if one["type"] == "Relationship")[
        "relationshipType"] = "isLicensedSomehow"
    del next(one for one in time["@graph"] if one["type"] == "CreationInfo")["created"]
    return relation, time


def main(directory):
    validate = None
    if os.environ.get("MODELWATCH_SPDX3"):
        validate = Spdx3Validate(pathlib.Path(os.environ["MODELWATCH_SPDX3"]))
    boms = {name.name: json.loads(name.read_text(encoding="utf-8"))
            for name in sorted(pathlib.Path(directory).glob("*.json"))}
    assert boms, "there is nothing to judge"
    for name, bom in boms.items():
        judge_by_model(bom)
        assert all(is_refused_by_model(broken) for broken in broken_copies(bom)), name
    if validate:
        # The largest would take minutes.
        small = [bom for bom in boms.values() if len(bom["@graph"]) < 100]
        wrong = [one for bom in small for one in validate.by_schema(bom)]
        assert not wrong, wrong[:3]
        assert validate.by_schema(broken_copies(small[0])[0]), "a relation that is none"
        wrong = validate.by_shacl(small)
        assert not wrong, wrong[:3]
        assert validate.by_shacl([broken_copies(small[0])[1]]), "no time, and SHACL finds no fault"
    print(f"{len(boms)} BOMs are valid")


if __name__ == "__main__":
    main(sys.argv[1])
