// SPDX-License-Identifier: Apache-2.0
// The frameworks against the labelled sets: every entry of the Model Openness Tool, every row of
// the shared terms table.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "evaluator/openness/licence_opinion.h"
#include "evaluator/openness/mof.h"
#include "testing/shared_data.h"

namespace modelwatch::evaluator {
namespace {

using Json = nlohmann::json;

MofEntry EntryOf(const Json& model) {
  const std::map<std::string, v1::ContentType> contents = {
      {"code", v1::CODE_CONTENT}, {"data", v1::DATA_CONTENT}, {"document", v1::DOCUMENT_CONTENT}};
  MofEntry entry;
  for (const auto& [title, licence] : model["component_license"].items()) {
    entry.licences[title] = licence.is_string() ? licence.get<std::string>() : "";
  }
  for (const auto& [kind, licence] : model["global_license"].items()) {
    const std::string name = licence.is_object() ? licence.value("name", "") : "";
    if (kind == "distribution") entry.distribution = name;
    if (contents.contains(kind)) entry.by_content[contents.at(kind)] = name;
  }
  return entry;
}

TEST(OpennessRealdataTest, ReproducesEveryEntryOfTheModelOpennessTool) {
  SKIP_WITHOUT_SHARED_DATA();
  const Json licences = Json::parse(std::ifstream(testing::SharedData("mot_licenses.json")));
  const auto is_open = [&](std::string_view licence) {
    const auto at = licences.find(std::string(licence));
    return at != licences.end() && (*at)["open"].get<bool>();
  };
  std::ifstream in(testing::SharedData("mot_models.jsonl"));
  std::map<int, int> classes;
  int entries = 0;
  for (std::string line; std::getline(in, line); ++entries) {
    const Json model = Json::parse(line);
    const MofClass reached = ClassifyMof(EntryOf(model), is_open);
    EXPECT_EQ(reached.number, model["mof_class"].get<int>()) << model["name"];
    for (const char* number : {"1", "2", "3"}) {
      EXPECT_NEAR(reached.progress[static_cast<size_t>(number[0] - '0')],
                  model["progress"][number].get<double>(), 1e-6)
          << model["name"] << " class " << number;
    }
    ++classes[reached.number];
  }
  EXPECT_EQ(entries, 273);
  EXPECT_EQ(classes, (std::map<int, int>{{0, 242}, {1, 14}, {2, 1}, {3, 16}}));
}

TEST(OpennessRealdataTest, CallsTheSameLicencesOpenAsTheModelOpennessTool) {
  SKIP_WITHOUT_SHARED_DATA();
  const Json licences = Json::parse(std::ifstream(testing::SharedData("mot_licenses.json")));
  std::set<std::string> disagreed;
  for (const auto& [id, facts] : licences.items()) {
    const v1::LicenceTerms* row = TermsTable::Builtin().Find(id);
    const bool is_listed = row != nullptr ? row->id() == id : IsAccepted("mof", id);
    if (is_listed && IsMofOpen(TermsTable::Builtin(), id) != facts["open"].get<bool>()) {
      disagreed.insert(id);
    }
  }
  EXPECT_EQ(disagreed, std::set<std::string>()) << "by our rows of the same id";
}

std::vector<std::string> Cells(const std::string& line) {
  std::vector<std::string> cells(1);
  bool is_quoted = false;
  for (const char c : line) {
    if (c == '"') {
      is_quoted = !is_quoted;
    } else if (c == ',' && !is_quoted) {
      cells.emplace_back();
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  return cells;
}

// "no:purpose+output" -> {"purpose", "output"}
std::set<std::string> WordsOf(const std::string& judged) {
  std::set<std::string> words;
  std::istringstream in(judged.substr(std::min(judged.find(':') + 1, judged.size())));
  for (std::string word; std::getline(in, word, '+');) words.insert(word);
  return words;
}

struct Comparison {
  int rows = 0;
  std::set<std::string> other_answer;
  std::set<std::string> other_reasons;
};

// Every row of the column against the licence opinion of the framework.
Comparison Compare(const std::string& column, std::string_view framework,
                   const std::string& prefix) {
  std::ifstream in(testing::SharedData("terms.csv"));
  std::string line;
  std::getline(in, line);
  const std::vector<std::string> head = Cells(line);
  const auto at = static_cast<size_t>(std::find(head.begin(), head.end(), column) - head.begin());
  Comparison comparison;
  while (std::getline(in, line)) {
    const std::vector<std::string> cells = Cells(line);
    const v1::LicenceTerms* row = TermsTable::Builtin().Find(cells[0]);
    if (row == nullptr) continue;
    ++comparison.rows;
    const LicenceOpinion opinion = OpinionOf(framework, *row);
    const std::string& judged = cells[at];
    const v1::Answer answer = judged.starts_with("yes")     ? v1::YES
                              : judged.starts_with("maybe") ? v1::MAYBE
                              : judged.starts_with("no")    ? v1::NO
                                                            : v1::NOT_KNOWN;
    if (answer != opinion.answer) comparison.other_answer.insert(cells[0]);
    std::set<std::string> reasons;
    for (const Objection& objection : opinion.objections) {
      // The table names what may disqualify only where nothing does.
      if (answer == v1::NO && objection.row->answer() != v1::NO) continue;
      std::string word = objection.row->id().substr(prefix.size());
      // "83.nc/research": the paragraph stands before a colon in the table.
      if (const size_t dot = word.find('.'); dot != std::string::npos) word[dot] = ':';
      reasons.insert(std::move(word));
    }
    if (opinion.is_unrecognised) reasons.insert("not-recognised-open-licence");
    // A bare "no" gives no reasons.
    const bool has_words = judged.find(':') != std::string::npos && answer != v1::NOT_KNOWN;
    if (has_words && reasons != WordsOf(judged)) comparison.other_reasons.insert(cells[0]);
  }
  return comparison;
}

TEST(OpennessRealdataTest, ReproducesTheRedHatColumn) {
  SKIP_WITHOUT_SHARED_DATA();
  const Comparison comparison = Compare("redhat_min", "redhat", "redhat.");
  EXPECT_EQ(comparison.rows, 211);
  // The tag "unknown" states that nobody knows: the table counts it as no, we as not known (RH2).
  EXPECT_EQ(comparison.other_answer, std::set<std::string>{"unknown"});
  EXPECT_EQ(comparison.other_reasons, std::set<std::string>());
}

TEST(OpennessRealdataTest, ReproducesTheEuColumn) {
  SKIP_WITHOUT_SHARED_DATA();
  const Comparison comparison = Compare("eu_gpai_licence", "eu-ai-act", "eu.");
  EXPECT_EQ(comparison.rows, 211);
  EXPECT_EQ(comparison.other_answer, std::set<std::string>());
  EXPECT_EQ(comparison.other_reasons, std::set<std::string>());
}

}  // namespace
}  // namespace modelwatch::evaluator
