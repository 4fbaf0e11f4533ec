// SPDX-License-Identifier: Apache-2.0
// Every .case file is a test: a description, "EXPECTED: STATUS LICENCE", a line "----", the input.
// The corpus is the synthetic one in cases/corpus.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "evaluator/license/corpus_builder.h"
#include "evaluator/license/matcher.h"
#include "proto/json.h"
#include "testing/status_matchers.h"

namespace modelwatch::evaluator {
namespace {

namespace fs = std::filesystem;

fs::path CasesFolder() { return fs::path(MODELWATCH_SOURCE_DIR) / "tests/evaluator/license/cases"; }

std::string ReadWhole(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

const Corpus& SyntheticCorpus() {
  static const auto corpus = [] {
    CorpusBuilder builder;
    for (const auto& file : fs::directory_iterator(CasesFolder() / "corpus")) {
      EXPECT_OK(builder.AddFile(file.path().string(), ReadWhole(file.path())));
    }
    return *Corpus::Make(*builder.Build());
  }();
  return *corpus;
}

std::vector<std::string> CaseNames() {
  std::vector<std::string> names;
  for (const auto& file : fs::directory_iterator(CasesFolder())) {
    if (file.path().extension() == ".case") names.push_back(file.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class MatcherCaseTest : public ::testing::TestWithParam<std::string> {};

TEST_P(MatcherCaseTest, GivesTheExpectedFinding) {
  const std::string content = ReadWhole(CasesFolder() / (GetParam() + ".case"));
  const size_t at = content.find("EXPECTED: "), end = content.find("\n----\n");
  ASSERT_NE(at, std::string::npos);
  ASSERT_NE(end, std::string::npos);
  const std::string expected = content.substr(at + 10, end - at - 10);
  const v1::Finding finding = Matcher(SyntheticCorpus()).Identify(content.substr(end + 6));
  std::string named = !finding.base().empty()      ? finding.base()
                      : !finding.licence().empty() ? finding.licence()
                                                   : finding.expression();
  if (finding.status() == v1::MENTION) named = finding.expression();
  // The nearest member of a family is a detail.
  if (finding.status() == v1::FAMILY) named = named.substr(0, named.rfind('-'));
  EXPECT_EQ(std::string(proto::Word(finding.status())) + " " + named, expected)
      << content.substr(0, at) << proto::FindingJson(finding);
}

INSTANTIATE_TEST_SUITE_P(Cases, MatcherCaseTest, ::testing::ValuesIn(CaseNames()),
                         [](const auto& case_info) {
                           std::string name = case_info.param;
                           for (char& c : name) c = c == '-' ? '_' : c;
                           return name;
                         });

}  // namespace
}  // namespace modelwatch::evaluator
