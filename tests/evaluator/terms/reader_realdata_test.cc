// SPDX-License-Identifier: Apache-2.0
// The reader alone, as if no corpus knew any licence, on the texts of the shared table: is the true
// outcome of every scenario inside the interval, and how wide is the interval?
//
// The texts are split by a hash of the licence's id into those that rows were written by, and a
// quarter that was not looked at. Both are held to floors. MODELWATCH_READER_CELLS=1 prints the
// cells of the former that are wrong or wide.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "evaluator/terms/clauses.h"
#include "evaluator/terms/lattice.h"
#include "evaluator/terms/reading_terms.h"
#include "testing/shared_data.h"

namespace modelwatch::evaluator {
namespace {

namespace fs = std::filesystem;

std::string ReadWhole(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// One record of comma separated values, quotes resolved.
std::vector<std::string> Cells(const std::string& line) {
  std::vector<std::string> cells(1);
  bool is_quoted = false;
  for (const char c : line) {
    if (c == '"') {
      is_quoted = !is_quoted;
    } else if (c == ',' && !is_quoted) {
      cells.emplace_back();
    } else if (c != '\r') {
      cells.back().push_back(c);
    }
  }
  return cells;
}

using Row = std::map<std::string, std::string>;

std::vector<Row> Table(const fs::path& path) {
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  const std::vector<std::string> head = Cells(line);
  std::vector<Row> rows;
  while (std::getline(in, line)) {
    const std::vector<std::string> cells = Cells(line);
    Row row;
    for (size_t i = 0; i < std::min(head.size(), cells.size()); ++i) row[head[i]] = cells[i];
    rows.push_back(std::move(row));
  }
  return rows;
}

// FNV-1a: the same split on every machine.
bool IsHeldOut(const std::string& id) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : id) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash % 4 == 3;
}

std::string TextOf(const std::string& id, const std::string& key) {
  static const std::map<std::string, std::string> kElsewhere = {
      {"llama3", "meta-llama+llama3/2024-04-18_008f868e_LICENSE"},
      {"ChatGLM2-6B-0", "THUDM+ChatGLM2-6B/2023-06-25_aec54b3f_MODEL_LICENSE"},
      {"ChatGLM2-6B-1", "THUDM+ChatGLM2-6B/2023-07-14_a2560762_MODEL_LICENSE"}};
  if (const auto found = kElsewhere.find(id); found != kElsewhere.end()) {
    return ReadWhole(testing::SharedData("licence-texts") / found->second);
  }
  if (key.empty()) return {};
  const fs::path shared = testing::SharedData("ai-licences") / (key + ".LICENSE");
  if (fs::exists(shared)) return ReadWhole(shared);
  const fs::path installed = fs::path(MODELWATCH_SOURCE_DIR) / ".deps/licences/scancode/licenses";
  return ReadWhole(installed / (key + ".LICENSE"));
}

struct Score {
  int texts = 0, cells = 0, sound = 0, falsely_free = 0, falsely_prohibited = 0;
  int exact = 0, width = 0;
  std::map<std::string, int> wrong;  // by scenario

  [[nodiscard]] double SoundShare() const { return cells == 0 ? 0 : 1.0 * sound / cells; }
  [[nodiscard]] double MeanWidth() const { return cells == 0 ? 0 : 1.0 * width / cells; }
  void Print(const char* name) const {
    std::printf("| %s | %d | %d | %.2f %% | %d | %d | %.3f | %.1f %% |\n", name, texts, cells,
                100 * SoundShare(), falsely_free, falsely_prohibited, MeanWidth(),
                cells == 0 ? 0.0 : 100.0 * exact / cells);
    for (const auto& [scenario, count] : wrong) std::printf("  %s: %d\n", scenario.c_str(), count);
  }
};

void PrintCell(const std::string& id, const v1::Outcome& outcome, uint32_t truth) {
  const v1::Interval& interval = outcome.interval();
  const bool is_wrong = truth < interval.low() || truth > interval.high();
  std::printf("%s %s %s truth %u read [%u,%u]", is_wrong ? "WRONG" : "wide", id.c_str(),
              outcome.scenario().c_str(), truth, interval.low(), interval.high());
  for (const v1::Because& because : outcome.because()) {
    const bool is_low = because.clause() != "unread";
    if (is_wrong == is_low) {
      std::printf(" {%s %u: %s}", because.clause().c_str(), because.line(),
                  because.text().substr(0, 240).c_str());
    }
  }
  std::printf("\n");
}

void Add(const v1::Terms& terms, const Row& truth, bool is_shown, Score& score) {
  ++score.texts;
  for (const v1::Outcome& outcome : terms.outcomes()) {
    const auto cell = static_cast<uint32_t>(std::atoi(truth.at(outcome.scenario()).c_str()));
    const v1::Interval& interval = outcome.interval();
    ++score.cells;
    score.falsely_free += cell > interval.high();
    score.falsely_prohibited += cell < interval.low();
    score.sound += cell >= interval.low() && cell <= interval.high();
    score.exact += interval.low() == interval.high() && interval.low() == cell;
    score.width += static_cast<int>(interval.high() - interval.low());
    const bool is_wrong = cell < interval.low() || cell > interval.high();
    if (is_wrong) ++score.wrong[outcome.scenario()];
    if (is_shown && (is_wrong || interval.high() > interval.low())) {
      PrintCell(truth.at("id"), outcome, cell);
    }
  }
}

TEST(ReaderRealdataTest, HoldsTheTruthInsideItsIntervals) {
  SKIP_WITHOUT_SHARED_DATA();
  std::map<std::string, Row> truths;
  for (Row& row : Table(testing::SharedData("scenarios.csv"))) truths[row["id"]] = row;
  Score tuned, held_out;
  const bool is_shown = std::getenv("MODELWATCH_READER_CELLS") != nullptr;
  for (Row& row : Table(testing::SharedData("terms.csv"))) {
    const std::string& id = row["id"];
    const auto truth = truths.find(id);
    if (truth == truths.end() || (row["evidence"] != "T" && row["evidence"] != "R")) continue;
    const std::string text = TextOf(id, row["scancode_key"]);
    if (text.empty()) continue;
    const v1::Terms terms = TermsOfReading(TermsTable::Builtin(), ReadClauses(text));
    Add(terms, truth->second, is_shown && !IsHeldOut(id), IsHeldOut(id) ? held_out : tuned);
  }
  std::printf(
      "| texts of | texts | cells | sound | falsely free | falsely prohibited | mean width | exact "
      "|\n");
  std::printf("|---|---|---|---|---|---|---|---|\n");
  tuned.Print("tuned");
  held_out.Print("held out");
  if (held_out.texts < 25) GTEST_SKIP() << "the licence texts are not installed";
  for (const Score& score : {tuned, held_out}) {
    EXPECT_GE(score.SoundShare(), 0.99);
    EXPECT_EQ(score.falsely_free, 0);
    EXPECT_LE(score.MeanWidth(), 2.45);
  }
}

}  // namespace
}  // namespace modelwatch::evaluator
