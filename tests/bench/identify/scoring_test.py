#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Unit tests of the scorer: names, sets, false clears, perturbed texts. No data, no program."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import false_clear  # noqa: E402
import holdout  # noqa: E402
import perturb  # noqa: E402
import report  # noqa: E402
import scoring  # noqa: E402
import sets  # noqa: E402
import vocabulary  # noqa: E402

LICENCES = [
    {"key": "mit", "spdx_license_key": "MIT", "category": "Permissive"},
    {"key": "gpl-2.0", "spdx_license_key": "GPL-2.0-only", "other_spdx_license_keys": ["GPL-2.0"], "category": "Copyleft"},
    {"key": "gpl-2.0-plus", "spdx_license_key": "GPL-2.0-or-later", "category": "Copyleft"},
    {"key": "font-exception-gpl", "spdx_license_key": "Font-exception-2.0", "category": "Copyleft Limited"},
    {"key": "gpl-2.0-font", "spdx_license_key": "GPL-2.0-with-font-exception", "is_deprecated": "yes",
     "replaced_by": ["gpl-2.0-plus WITH font-exception-gpl"], "category": "Copyleft Limited"},
    {"key": "cecill-b-en", "category": "Permissive"},
    {"key": "cecill-b", "spdx_license_key": "CECILL-B", "category": "Permissive"},
    {"key": "no-sale-1.0", "category": "Proprietary Free"},
]
WORDS = vocabulary.Vocabulary(LICENCES)
STRICT, LENIENT = scoring.Rules(False, False), scoring.Rules(True, False)


def entry(licence, status="EXACT", role="primary"):
    return {"licence": licence, "status": status, "role": role}


def answer(status, *entries):
    return scoring.modelwatch_answer(WORDS, {"status": status, "expression": "", "licences": list(entries)})


class VocabularyTest(unittest.TestCase):
    def test_one_name_for_key_spdx_id_and_former_id(self):
        for name in ("gpl-2.0", "GPL-2.0-only", "GPL-2.0", "LicenseRef-scancode-gpl-2.0"):
            self.assertEqual(WORDS.names(name), {"gpl-2.0"}, name)

    def test_an_spdx_id_is_not_a_key_that_differs_in_case_alone(self):
        words = vocabulary.Vocabulary([{"key": "bsl-1.0"}, {"key": "boost-1.0", "spdx_license_key": "BSL-1.0"}])
        self.assertEqual((words.names("BSL-1.0"), words.names("bsl-1.0")), ({"boost-1.0"}, {"bsl-1.0"}))

    def test_a_replaced_key_is_what_replaces_it(self):
        self.assertEqual(WORDS.names("GPL-2.0-with-font-exception"), {"gpl-2.0-plus", "font-exception-gpl"})

    def test_translations_are_one_licence(self):
        self.assertEqual(WORDS.names("cecill-b-en"), WORDS.names("CECILL-B"))

    def test_an_unknown_name_keeps_itself(self):
        self.assertEqual(WORDS.names("Nobody-Knows-1.0"), {"nobody-knows-1.0"})

    def test_an_expression_names_all_of_its_licences(self):
        self.assertEqual(WORDS.expression("(MIT OR GPL-2.0-only) AND MIT"), {"mit", "gpl-2.0"})

    def test_front_matter_lists_and_folded_items(self):
        fields = vocabulary.read_front_matter("---\nkey: a\nreplaced_by:\n  - b WITH\n    c\nname: 'x'\n---\ntext: no\n")
        self.assertEqual(fields, {"key": "a", "replaced_by": ["b WITH c"], "name": "x"})

    def test_generic_keys_are_no_licences(self):
        self.assertEqual(vocabulary.drop_generic({"mit", "unknown-license-reference", "warranty-disclaimer"}), {"mit"})


class ScoringTest(unittest.TestCase):
    def test_the_whole_set_must_agree(self):
        both = answer("EXACT", entry("MIT"), entry("GPL-2.0-only"))
        self.assertFalse(scoring.is_right(both, [{"mit"}], STRICT))
        self.assertTrue(scoring.is_right(both, [{"mit", "gpl-2.0"}], STRICT))

    def test_lenient_joins_only_and_or_later(self):
        later = answer("MENTION", entry("GPL-2.0-or-later", "MENTION"))
        self.assertFalse(scoring.is_right(later, [{"gpl-2.0"}], STRICT))
        self.assertTrue(scoring.is_right(later, [{"gpl-2.0"}], LENIENT))

    def test_a_family_is_no_answer(self):
        self.assertFalse(scoring.is_right(answer("FAMILY", entry("MIT", "FAMILY")), [{"mit"}], STRICT))

    def test_a_missing_answer_is_wrong(self):
        sample = sets.Sample("a", "a", (frozenset({"mit"}),))
        self.assertEqual(scoring.rate([sample], {}, STRICT), (0, 1))

    def test_kinds_of_errors(self):
        for got, kind in ((answer("NONE"), "none"), (answer("FAMILY", entry("MIT", "FAMILY")), "family"),
                          (answer("EXACT", entry("MIT"), entry("no-sale-1.0")), "extra"),
                          (answer("EXACT", entry("no-sale-1.0")), "other")):
            self.assertEqual(scoring.error_kind(got, [{"mit"}], STRICT), kind)


class FalseClearTest(unittest.TestCase):
    OWN = (frozenset({"no-sale-1.0"}),)

    def test_a_bare_permissive_id_is_one(self):
        self.assertTrue(false_clear.is_false_clear(WORDS, answer("EXACT", entry("MIT")), self.OWN))

    def test_a_modified_text_is_flagged(self):
        self.assertFalse(false_clear.is_false_clear(WORDS, answer("MODIFIED", entry("MIT", "MODIFIED")), self.OWN))

    def test_an_exact_part_of_a_modified_file_is_flagged(self):
        self.assertFalse(false_clear.is_false_clear(WORDS, answer("MODIFIED", entry("MIT")), self.OWN))

    def test_naming_the_restriction_is_none(self):
        both = answer("EXACT", entry("MIT"), entry("no-sale-1.0"))
        self.assertFalse(false_clear.is_false_clear(WORDS, both, ()))


class PerturbTest(unittest.TestCase):
    TEXT = "The Title\n\nOne \"word\" here\nand there.\n\n1. First\n2. Second\n"

    def test_neutral_edits_keep_the_words(self):
        for name in ("wrap_60", "wrap_none", "crlf", "tabs", "curly_quotes"):
            edited = perturb.NEUTRAL[name](self.TEXT)
            letters = lambda t: [w for w in __import__("re").findall(r"\w+", t)]
            self.assertEqual(letters(edited), letters(self.TEXT), name)

    def test_a_year_is_changed_in_copyright_lines_alone(self):
        edited = perturb.NEUTRAL["year"]("Copyright (c) 2019 A\n\nReleased in 2019.\n")
        self.assertEqual(edited, "Copyright (c) 2031 A\n\nReleased in 2019.\n")

    def test_a_clause_is_inserted_whole_at_each_place(self):
        clause = "You may not use the Software for military purposes."
        made = {p: perturb.insert(self.TEXT, clause, p) for p in ("start", "middle", "end")}
        self.assertTrue(all(perturb.holds(t, clause) for t in made.values()))
        self.assertTrue(made["end"].rstrip().endswith("purposes."))

    def test_a_clause_is_named_by_its_words_and_an_id(self):
        line = {"residue": {"added": [{"text": "You may not use the Software for", "clause": ""},
                                      {"text": "military purposes", "clause": "purpose.military"}]}}
        clause = "You may not use the Software for military purposes."
        self.assertEqual(perturb.is_named(line, clause), (True, True))
        self.assertEqual(perturb.is_named({"residue": {"added": []}}, clause), (False, False))

    def test_clauses_are_sentences_with_topic_and_force(self):
        text = ("We like models. You may not use the Output of the Model to train any other language model "
                "without our consent. It is a model that was trained on large amounts of text by us.")
        self.assertEqual([c[0] for c in perturb.clauses([("a", text)])], ["training"])


class HoldoutTest(unittest.TestCase):
    def test_a_licence_goes_with_its_rules(self):
        with tempfile.TemporaryDirectory() as name:
            folder, out = pathlib.Path(name) / "rules", pathlib.Path(name) / "out"
            folder.mkdir()
            (folder / "mit.LICENSE").write_text("---\nkey: mit\n---\ntext")
            (folder / "one.RULE").write_text("---\nlicense_expression: gpl-2.0 OR mit\n---\ntext")
            (folder / "two.RULE").write_text("---\nlicense_expression: gpl-2.0\n---\ntext")
            made = holdout.filtered_sources([folder], ["mit"], WORDS, out)
            self.assertEqual([p.name for p in made[0].iterdir()], ["two.RULE"])


    def test_another_key_with_the_same_words_is_a_relabel_and_one_more_sentence_is_not(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "a.LICENSE").write_text("---\nkey: a\n---\nCopyright (c) 1999 A\nDo what you want.")
            (folder / "b.LICENSE").write_text("---\nkey: b\n---\nCopyright (c) 2001 Bee\nDo what YOU want.")
            (folder / "c.LICENSE").write_text("---\nkey: c\n---\nDo what you want. But do no evil.")
            self.assertTrue(holdout.same_words(folder, "a", "b"))
            self.assertFalse(holdout.same_words(folder, "a", "c"))


class ReportTest(unittest.TestCase):
    def test_a_row_without_figures_is_left_out(self):
        results = {"google": {"modelwatch": {"strict": 0.5, "lenient": 0.6, "files": 2}}, "spdx": None}
        table = report.markdown(results, ["modelwatch", "peer"])
        self.assertIn("| >= 0.95 | 0.500 / 0.600 | – |", table)
        self.assertEqual(len(table.splitlines()), 3)

    def test_a_page_is_updated_between_its_marks(self):
        page = "a\n<!-- results -->\nold\n<!-- /results -->\nb\n"
        self.assertEqual(report.updated(page, "new"), "a\n<!-- results -->\nnew\n<!-- /results -->\nb\n")


if __name__ == "__main__":
    unittest.main()
