// SPDX-License-Identifier: Apache-2.0
#include "evaluator/terms/clause_names.h"

#include <gtest/gtest.h>

#include "evaluator/terms/clauses.h"

namespace modelwatch::evaluator {
namespace {

std::string NameOf(std::string_view text) { return NameOfSentence(SplitSentences(text)[0].words); }

v1::ResidueSpan& AddSpan(v1::Finding& finding, uint32_t line, const char* text) {
  v1::ResidueSpan& span = *finding.add_added();
  span.set_line(line);
  span.set_text(text);
  return span;
}

struct Row {
  const char* text;
  const char* id;
};

TEST(ClauseNamesTest, NamesSentencesInManyWordings) {
  const Row rows[] = {
      {"Nobody may earn money with the Toolkit.", "purpose.noncommercial"},
      {"It is only for hobbyists; companies buy a licence.", "purpose.noncommercial"},
      {"Firms with more than forty employees pay us yearly.", "scale.size"},
      {"Permission ends once you have one million users.", "scale.users"},
      {"You may not use it for facial recognition.", "field.surveillance"},
      {"Never let it steer aircraft or other critical infrastructure.", "field.high-risk"},
      {"You must be at least 18 years old to use it.", "field.age"},
      {"You must not reverse engineer the weights.", "reverse.banned"},
      {"You shall not publish benchmark results without our approval.", "publication.benchmarks"},
      {"You may not use it to build a competing product.", "output.no-competition"},
      {"The authors can take back this permission whenever they wish.", "standing.revocable"},
      {"Nothing from it may be exported to sanctioned places.", "geography.export"},
      {"Usage must be recorded and opened to our audit.", "audit"},
      {"You must not use, modify or distribute it outside the territory.", "geography.area"},
      {"Nobody shall use derivatives of it to improve other models.", "output.no-training"},
      {"You may not create derivative works of it.", "derivatives.banned"},
      {"This licence is non-transferable.", "transfer.banned"},
      {"You may not remove any watermark that the model puts into pictures.", "field.bypass"},
      {"By downloading the weights you agree to all of the above.", "acceptance"},
      {"仅限学术研究使用。", "purpose.research"},
      {"不得将模型用于军事用途。", "field.military"},
      {"使用本模型须注明出处。", "notices.no-removal"},
      {"Die gewerbliche Nutzung ist untersagt.", "purpose.noncommercial"},
      {"Toute utilisation commerciale est interdite.", "purpose.noncommercial"},
      {"Se prohíbe el uso comercial.", "purpose.noncommercial"},
  };
  for (const Row& row : rows) EXPECT_EQ(NameOf(row.text), row.id) << row.text;
}

TEST(ClauseNamesTest, GivesNoNameToWhatRestrictsNothing) {
  for (const char* text :
       {"Copyright 2024 by the authors of the toolkit.", "Have a nice day and enjoy the weather.",
        "The software is provided as is, and nobody is liable.",
        "This project began in Helsinki."}) {
    EXPECT_EQ(NameOf(text), "") << text;
  }
}

TEST(ClauseNamesTest, NamesAPieceByTheWholeSentence) {
  const char* text = "Do what you like.\n\nYou may not use the toolkit for military ends at all.\n";
  v1::Finding finding;
  AddSpan(finding, 3, "for military ends at all");
  AddSpan(finding, 3, "the toolkit");
  NameClauses(finding, text);
  EXPECT_EQ(finding.added(0).clause(), "field.military");
  EXPECT_EQ(finding.added(1).clause(), "field.military");
}

TEST(ClauseNamesTest, DoesNotBlameOneWordForTheLicencesOwnSentence) {
  const char* text = "You may not use the large toolkit of Example for any military ends at all.\n";
  v1::Finding finding;
  AddSpan(finding, 1, "Example");
  NameClauses(finding, text);
  EXPECT_EQ(finding.added(0).clause(), "");
}

TEST(ClauseNamesTest, LeavesAStrangeSpanAlone) {
  v1::Finding finding;
  AddSpan(finding, 7, "words of another text");
  AddSpan(finding, 0, "");
  NameClauses(finding, "Short.");
  NameClauses(finding, "");
  EXPECT_EQ(finding.added(0).clause(), "");
  EXPECT_EQ(finding.added(1).clause(), "");
}

}  // namespace
}  // namespace modelwatch::evaluator
