// SPDX-License-Identifier: Apache-2.0
// Of the sentences of real restrictive licences that ban, limit or condition use: the share that
// gets a name. MODELWATCH_PRINT_NAMELESS=1 prints those that get none.
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "evaluator/terms/clause_names.h"
#include "evaluator/terms/clauses.h"
#include "testing/shared_data.h"

namespace modelwatch::evaluator {
namespace {

namespace fs = std::filesystem;

struct Share {
  size_t sentences = 0, named = 0, named_by_terms = 0;
};

// The words by which a restriction is known here are not those of the table.
bool Restricts(const Sentence& sentence) {
  static const RE2 force(
      "\\b((may|shall|must|will|can|do|are|is) not|cannot|prohibit\\w*|forbidden|not permitted|"
      "only|solely|exclusively|must|agrees? (not )?to|requires?|terminat\\w*)\\b|"
      "不 得|禁 止|仅|必 须|终 止");
  static const RE2 disclaims(
      "\\b(liab\\w*|warrant\\w*|damages|merchantab\\w*|as is|means?|severab\\w*|unenforceable|"
      "governed|jurisdiction|waive\\w*|headings|damage|loss)\\b");
  const size_t words = sentence.end - sentence.begin;
  return words >= 8 && words <= 80 && RE2::PartialMatch(sentence.words, force) &&
         !RE2::PartialMatch(sentence.words, disclaims);
}

bool IsRestrictive(const std::string& category) {
  return category == "Proprietary Free" || category == "Source-available" ||
         category == "Free Restricted" || category == "Commercial";
}

std::string CategoryOf(const std::string& text) {
  std::string category;
  RE2::PartialMatch(text, "(?m)^category: *(.+?) *$", &category);
  return category;
}

void Count(const std::string& text, Share& share, std::set<std::string>& seen) {
  for (const Sentence& sentence : SplitSentences(text)) {
    if (!Restricts(sentence) || !seen.insert(sentence.words).second) continue;
    ++share.sentences;
    const bool is_named = !NameOfSentence(sentence.words).empty();
    share.named += is_named ? 1 : 0;
    share.named_by_terms += ReadClauses(std::vector<Sentence>{sentence}).hits.empty() ? 0 : 1;
    if (!is_named && std::getenv("MODELWATCH_PRINT_NAMELESS") != nullptr)
      std::printf("nameless: %s\n", sentence.words.c_str());
  }
}

TEST(ClauseNamesRealdataTest, NamesWhatRestrictiveLicencesRestrict) {
  SKIP_WITHOUT_SHARED_DATA();
  const fs::path installed = fs::path(MODELWATCH_SOURCE_DIR) / ".deps/licences/scancode/licenses";
  std::map<std::string, Share> shares;
  std::set<std::string> seen;
  for (const fs::path& folder :
       {testing::SharedData("ai-licences"), testing::SharedData("licence-history/files"),
        testing::SharedData("licence-edits/texts"), installed}) {
    if (!fs::exists(folder)) continue;
    for (const auto& file : fs::recursive_directory_iterator(folder)) {
      if (!file.is_regular_file() || file.file_size() > (1 << 20)) continue;
      std::ifstream in(file.path(), std::ios::binary);
      std::ostringstream text;
      text << in.rdbuf();
      const std::string category = CategoryOf(text.str());
      if (folder == installed && !IsRestrictive(category)) continue;
      Count(text.str(),
            shares[folder == installed ? category : "shared: " + folder.filename().string()], seen);
    }
  }
  ASSERT_FALSE(shares.empty());
  for (const auto& [category, share] : shares) {
    const double named = static_cast<double>(share.named) / static_cast<double>(share.sentences);
    std::printf("%-28s %6zu sentences, named %.3f, by the clause reader alone %.3f\n",
                category.c_str(), share.sentences, named,
                static_cast<double>(share.named_by_terms) / static_cast<double>(share.sentences));
    EXPECT_GE(named, 0.97) << category;
  }
}

}  // namespace
}  // namespace modelwatch::evaluator
