// SPDX-License-Identifier: Apache-2.0
// Real licence texts: nothing restrictive may come out as permissive, and edits keep their
// direction.
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "evaluator/license/corpus_builder.h"
#include "evaluator/license/real_corpus.h"
#include "evaluator/license/tokens.h"
#include "evaluator/terms/clauses.h"
#include "evaluator/terms/lattice.h"
#include "evaluator/terms/text_terms.h"
#include "proto/json.h"
#include "testing/shared_data.h"
#include "testing/status_matchers.h"

namespace modelwatch::evaluator {
namespace {

namespace fs = std::filesystem;

std::string ReadWhole(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// No commercial user is told anything but "free".
bool IsClearedForBusiness(const v1::Terms& terms) {
  for (const v1::Outcome& outcome : terms.outcomes()) {
    if (outcome.scenario().rfind("com_", 0) == 0 && outcome.interval().high() > 0) return false;
  }
  return true;
}

// Among the shared AI licences those that are permissive or copyleft by their rows or category.
bool IsOpenByNature(const std::string& key) {
  for (const char* open : {"openmdw-1.0", "apple-ml-ferret-2023", "mgb-1.0", "fair-ai-public-1.0",
                           "soml-1.0", "open-weights-permissive-1.0.0", "openatom-model-1.0"}) {
    if (key == open) return true;
  }
  return false;
}

// The installed licences without these keys, and without what else names them.
std::unique_ptr<Corpus> Without(const std::set<std::string>& keys) {
  CorpusBuilder builder;
  const fs::path installed = fs::path(MODELWATCH_SOURCE_DIR) / ".deps/licences/scancode";
  for (const char* folder : {"licenses", "rules"}) {
    for (const auto& file : fs::directory_iterator(installed / folder)) {
      const bool is_left_out = keys.count(file.path().stem().string()) > 0;
      if (!is_left_out && file.is_regular_file()) {
        EXPECT_OK(builder.AddFile(file.path().string(), ReadWhole(file.path())));
      }
    }
  }
  return *Corpus::Make(*builder.Build());
}

TEST(TextsRealdataTest, IdentifiesTheSharedAiLicences) {
  SKIP_WITHOUT_SHARED_DATA();
  SKIP_WITHOUT_REAL_CORPUS();
  const Matcher matcher(*testing::RealCorpus());
  int texts = 0;
  for (const auto& file : fs::directory_iterator(testing::SharedData("ai-licences"))) {
    if (file.path().extension() != ".LICENSE") continue;
    const v1::Finding finding = matcher.Identify(ReadWhole(file.path()));
    EXPECT_EQ(finding.status(), v1::EXACT)
        << file.path() << proto::FindingJson(finding).substr(0, 500);
    const auto own = testing::RealCorpus()->Find(file.path().stem().string());
    ASSERT_TRUE(own.has_value()) << file.path();
    // SPDX's own id where both lists have the text.
    const TermsTable& table = TermsTable::Builtin();
    EXPECT_TRUE(finding.expression() == std::string(own->spdx) ||
                table.Find(finding.expression()) == table.Find(std::string(own->spdx)))
        << finding.expression();
    ++texts;
  }
  EXPECT_EQ(texts, 51);
}

// The safety number: with the licence unknown to the corpus, none is called permissive.
TEST(TextsRealdataTest, NeverClearsARestrictiveTextThatItDoesNotKnow) {
  SKIP_WITHOUT_SHARED_DATA();
  SKIP_WITHOUT_REAL_CORPUS();
  std::set<std::string> keys = {
      "shopify-2024", "mit-proprietary", "moonshot-ai-modified-mit-2025", "defold",
      "s-lab-1.0",    "defold-1.0",      "mit-no-advert-export-control"};
  std::vector<std::pair<std::string, std::string>> texts;
  for (const auto& file : fs::directory_iterator(testing::SharedData("ai-licences"))) {
    if (file.path().extension() != ".LICENSE") continue;
    keys.insert(file.path().stem().string());
    texts.emplace_back(file.path().stem().string(), ReadWhole(file.path()));
  }
  for (const char* key : {"shopify-2024", "mit-proprietary"}) {
    if (const auto licence = testing::RealCorpus()->Find(key)) {
      texts.emplace_back(key, std::string(licence->text));
    }
  }
  const auto corpus = Without(keys);
  const Matcher matcher(*corpus);
  const Judge judge{&matcher, &TermsTable::Builtin()};
  int exact = 0;
  for (const auto& [key, text] : texts) {
    const TextTerms read = TermsOfText(judge, text);
    // Known by its fingerprint as what it is, though the corpus lacks it.
    if (read.finding.expression() == "LicenseRef-scancode-" + key) continue;
    exact += read.finding.status() == v1::EXACT;
    EXPECT_NE(read.finding.status(), v1::EXACT) << key << " " << read.finding.expression();
    // Business is free to use it; only the training of models is bound.
    if (key == "mit-proprietary") continue;
    EXPECT_FALSE(IsClearedForBusiness(read.terms) && !IsOpenByNature(key)) << key;
  }
  EXPECT_EQ(exact, 0);
}

std::vector<std::string> Permissive() {
  return {"MIT", "Apache-2.0", "BSD-3-Clause", "BSD-2-Clause", "ISC"};
}

// What a sentence takes away: `low` for certain where it is understood, else possibly.
struct Restriction {
  const char* clause;
  const char* scenario;
  uint32_t low;
};

uint32_t HighsOf(const v1::Terms& terms) {
  uint32_t sum = 0;
  for (const v1::Outcome& outcome : terms.outcomes()) sum += outcome.interval().high();
  return sum;
}

TEST(TextsRealdataTest, SeesEveryRestrictionPutIntoAPermissiveText) {
  SKIP_WITHOUT_REAL_CORPUS();
  const Matcher matcher(*testing::RealCorpus());
  const Judge judge{&matcher, &TermsTable::Builtin()};
  const Restriction restrictions[] = {
      {"The Software may not be used for any commercial purpose.", "com_tiny", 3},
      {"This license is granted for non-commercial research purposes only.", "com_tiny", 3},
      {"You may not use the Software or its outputs to train other machine learning models.",
       "train_other_model_on_outputs", 0},
      {"Licensees with more than 100 million monthly active users must request a license.",
       "com_giant", 2},
      {"If your annual revenue exceeds 20 million US dollars, you must obtain a commercial "
       "license.",
       "com_large", 2},
      {"This license does not apply in the European Union, the United Kingdom and South Korea.",
       "eu_com_small", 3},
      {"You may not redistribute the Software.", "redistribute_verbatim", 3},
      {"The Software may not be used for military purposes.", "military_use", 3},
      {"Only for use in Example apps.", "com_tiny", 0},
      {"You shall not offer the Software as a hosted service to third parties.", "maas_small", 2},
      {"Users must register before any commercial use.", "com_tiny", 0},
      {"Do not remove the safety filters.", "com_tiny", 0},
      {"F\xC3\xBCr nichtkommerzielle Zwecke.", "com_tiny", 0},
      {"\xE7\xA6\x81\xE6\xAD\xA2\xE5\x95\x86\xE4\xB8\x9A\xE7\x94\xA8\xE9\x80\x94\xE3\x80\x82",
       "com_tiny", 3}};
  for (const std::string& id : Permissive()) {
    const std::string text(testing::RealCorpus()->Find(id)->text);
    const v1::Terms licence = TermsOfText(judge, text).terms;
    for (const Restriction& restriction : restrictions) {
      const std::string clause = restriction.clause;
      const size_t middle = text.find("\n", text.size() / 3);
      const std::string variants[] = {text + "\n\n" + clause + "\n",
                                      "Copyright (c) 2024 Foo. " + clause + "\n\n" + text,
                                      text.substr(0, middle) + " " + clause + text.substr(middle)};
      for (const std::string& changed : variants) {
        const TextTerms read = TermsOfText(judge, changed);
        EXPECT_EQ(read.finding.status(), v1::MODIFIED) << id << ": " << clause;
        const v1::Outcome& outcome = *FindOutcome(read.terms, restriction.scenario);
        // Broken into the midst of another sentence it need not be understood.
        if (&changed == &variants[2]) {
          EXPECT_GT(HighsOf(read.terms), HighsOf(licence)) << id << ": " << clause;
          continue;
        }
        EXPECT_GT(outcome.interval().high(), 0u) << id << ": " << clause;
        EXPECT_GE(outcome.interval().low(), restriction.low) << id << ": " << clause;
      }
    }
  }
}

// Nothing but the sentence is read anew, so the rest stays as narrow as the licence is.
TEST(TextsRealdataTest, BoundsAPermissiveTextWithOneSentenceOnBothSides) {
  SKIP_WITHOUT_REAL_CORPUS();
  const Matcher matcher(*testing::RealCorpus());
  const Judge judge{&matcher, &TermsTable::Builtin()};
  const std::string mit(testing::RealCorpus()->Find("MIT")->text);
  const TextTerms read =
      TermsOfText(judge, mit + "\n\nThe Software may not be used for any commercial purpose.\n");
  for (const v1::Outcome& outcome : read.terms.outcomes()) {
    if (outcome.scenario().rfind("com_", 0) == 0) {
      EXPECT_EQ(outcome.interval().low(), 3u) << outcome.scenario();
      EXPECT_EQ(outcome.interval().high(), 3u) << outcome.scenario();
      EXPECT_EQ(outcome.because(0).line(), read.finding.added(0).line());
    }
  }
  for (const char* untouched : {"academic_research", "redistribute_verbatim", "rely_irrevocably",
                                "sue_licensor_ip", "name_derivative_freely"}) {
    EXPECT_EQ(FindOutcome(read.terms, untouched)->interval().high(), 0u) << untouched;
  }
}

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

// A changed word takes the ground from under whatever its sentence permitted.
TEST(TextsRealdataTest, FreesNothingThatAnEditedSentenceMayHaveTaken) {
  SKIP_WITHOUT_REAL_CORPUS();
  const Matcher matcher(*testing::RealCorpus());
  const Judge judge{&matcher, &TermsTable::Builtin()};
  struct Edit {
    const char *licence, *from, *to;
  };
  const Edit edits[] = {
      {"MIT", "is hereby granted", "is not granted"},
      {"MIT", "is hereby granted", "is hereby not granted"},
      {"MIT", "sublicense, ", ""},
      {"MIT", "without restriction", "with restriction"},
      {"BSD-3-Clause", "with or without", "without"},
      {"BSD-3-Clause", "are permitted", "are not permitted"},
      {"Apache-2.0", "worldwide, ", ""},
      {"Apache-2.0", "hereby grants to You", "does not grant to You"},
  };
  for (const Edit& edit : edits) {
    const std::string text(testing::RealCorpus()->Find(edit.licence)->text);
    const TextTerms read = TermsOfText(judge, Replaced(text, edit.from, edit.to));
    if (read.finding.status() == v1::EXACT) continue;
    for (const v1::Outcome& outcome : read.terms.outcomes()) {
      EXPECT_GT(outcome.interval().high(), 0u)
          << edit.licence << ": " << edit.from << " -> " << edit.to << ": " << outcome.scenario();
    }
  }
}

// Every sentence of every shared AI licence left out in turn: what the licence says without it is
// the licence's own outcome or a milder one, unless the sentence permitted, defined or lifted.
TEST(TextsRealdataTest, OpensOnlyWhatAMissingSentenceWasAbout) {
  SKIP_WITHOUT_SHARED_DATA();
  SKIP_WITHOUT_REAL_CORPUS();
  const Matcher matcher(*testing::RealCorpus());
  const Judge judge{&matcher, &TermsTable::Builtin()};
  int cells = 0, width = 0, edits = 0;
  for (const auto& file : fs::directory_iterator(testing::SharedData("ai-licences"))) {
    if (file.path().extension() != ".LICENSE") continue;
    const std::string text = ReadWhole(file.path());
    const v1::Terms licence = TermsOfText(judge, text).terms;
    const std::vector<Token> tokens = Tokenise(text);
    for (const Sentence& sentence : SplitSentences(text)) {
      if (sentence.begin % 5 != 0) continue;  // a fifth: it takes time
      std::string without = text;
      without.erase(tokens[sentence.begin].begin,
                    tokens[sentence.end - 1].end - tokens[sentence.begin].begin);
      const TextTerms read = TermsOfText(judge, without);
      if (read.finding.status() != v1::MODIFIED) continue;
      ++edits;
      for (const v1::Outcome& outcome : read.terms.outcomes()) {
        const v1::Interval& interval = outcome.interval();
        const v1::Interval& whole = FindOutcome(licence, outcome.scenario())->interval();
        ++cells;
        width += static_cast<int>(interval.high() - interval.low());
        EXPECT_GE(interval.high(), whole.low()) << file.path() << sentence.original;
        EXPECT_LE(interval.low(), whole.high()) << file.path() << sentence.original;
      }
    }
  }
  const double mean = cells == 0 ? 0 : 1.0 * width / cells;
  std::printf("%d edits, mean width %.3f\n", edits, mean);
  EXPECT_GT(edits, 100);
  EXPECT_LE(mean, 2.0);
}

TEST(TextsRealdataTest, TakesAThresholdAsItNowStands) {
  SKIP_WITHOUT_SHARED_DATA();
  SKIP_WITHOUT_REAL_CORPUS();
  const Matcher matcher(*testing::RealCorpus());
  const Judge judge{&matcher, &TermsTable::Builtin()};
  const std::string llama =
      ReadWhole(testing::SharedData("ai-licences") / "llama-3.1-license-2024.LICENSE");
  const TextTerms lowered = TermsOfText(judge, Replaced(llama, "700 million", "70 million"));
  EXPECT_EQ(lowered.dimensions.scale_mau(), 70'000'000u);
  EXPECT_EQ(FindOutcome(lowered.terms, "com_xl")->interval().low(), 2u);
  const TextTerms raised = TermsOfText(judge, Replaced(llama, "700 million", "7000 million"));
  EXPECT_EQ(FindOutcome(raised.terms, "com_giant")->interval().low(), 0u);
}

std::string Reflowed(const std::string& text) {
  std::string out;
  size_t column = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool is_break = text[i] == '\n' && i + 1 < text.size() && text[i + 1] != '\n' &&
                          (i == 0 || text[i - 1] != '\n');
    char c = is_break ? ' ' : text[i];
    if (c == ' ' && column > 50) c = '\n';
    column = c == '\n' ? 0 : column + 1;
    out.push_back(c);
  }
  return out;
}

TEST(TextsRealdataTest, KeepsAReformattedTextExact) {
  SKIP_WITHOUT_REAL_CORPUS();
  const Matcher matcher(*testing::RealCorpus());
  for (const std::string& id : Permissive()) {
    const std::string text(testing::RealCorpus()->Find(id)->text);
    std::string quoted;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) quoted += "> " + line + "\n";
    for (const std::string& changed :
         {"Copyright (c) 2024-2026 Jane Roe and contributors\n\n" + text, quoted,
          "# License\n\n" + text, Reflowed(text)}) {
      const v1::Finding finding = matcher.Identify(changed);
      EXPECT_EQ(finding.status(), v1::EXACT) << id << proto::FindingJson(finding).substr(0, 600);
      EXPECT_EQ(finding.licence(), id);
    }
  }
}

// Real edits and the direction that a reader gave them: all of them. A swap without a direction of
// its own ("swap") has to name who lost.
TEST(TextsRealdataTest, TellsTheDirectionOfRealEdits) {
  SKIP_WITHOUT_SHARED_DATA();
  SKIP_WITHOUT_REAL_CORPUS();
  const Matcher matcher(*testing::RealCorpus());
  const Judge judge{&matcher, &TermsTable::Builtin()};
  const fs::path folder = testing::SharedData("licence-edits");
  std::ifstream in(folder / "pairs.csv");
  std::string line;
  std::getline(in, line);
  int right = 0, all = 0;
  while (std::getline(in, line)) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    const size_t to = line.rfind(','), from = line.rfind(',', to - 1);
    const v1::Shift shift =
        CompareTexts(judge, ReadWhole(folder / line.substr(from + 1, to - from - 1)),
                     ReadWhole(folder / line.substr(to + 1)));
    const auto is_labelled = [&](const char* label) {
      return line.find(std::string(",") + label + ",") != std::string::npos;
    };
    const bool is_neutral = is_labelled("neutral") || is_labelled("neutral-scope");
    if (is_neutral) {
      EXPECT_EQ(shift.lost_size(), 0) << line;
    }
    if (is_labelled("more")) {
      EXPECT_GT(shift.lost_size(), 0) << line;
    }
    const bool is_right = is_neutral            ? shift.direction() == v1::SAME
                          : is_labelled("more") ? shift.direction() == v1::TIGHTER
                          : is_labelled("less") ? shift.direction() == v1::LOOSER
                                                : shift.lost_size() > 0;
    EXPECT_TRUE(is_right) << line << " " << proto::Word(shift.direction());
    right += is_right;
    ++all;
  }
  EXPECT_EQ(all, 23);
  EXPECT_EQ(right, 23);
}

// A known licence beside another is compared by its terms: the words of a notice that came or went
// take nothing from the licence that stays.
TEST(TextsRealdataTest, TakesAThirdPartysLicenceBelowForNoLoss) {
  SKIP_WITHOUT_REAL_CORPUS();
  const Matcher matcher(*testing::RealCorpus());
  const Judge judge{&matcher, &TermsTable::Builtin()};
  const std::string apache(testing::RealCorpus()->Find("Apache-2.0")->text);
  const std::string both = apache + "\n---------------- LICENSE FOR Parts ----------------\n\n" +
                           std::string(testing::RealCorpus()->Find("BSD-3-Clause")->text);
  EXPECT_EQ(CompareTexts(judge, both, apache).direction(), v1::SAME);
  EXPECT_EQ(CompareTexts(judge, apache, both).direction(), v1::SAME);
}

}  // namespace
}  // namespace modelwatch::evaluator
