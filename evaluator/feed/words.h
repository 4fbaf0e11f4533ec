// SPDX-License-Identifier: Apache-2.0
// Words for people: what the page and the feed say about alerts, terms, times and hubs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "modelwatch/v1/alert.pb.h"
#include "modelwatch/v1/judging.pb.h"
#include "modelwatch/v1/read.pb.h"

namespace modelwatch::evaluator {

// What scenarios are called, one by one and several together. Immutable.
class ScenarioWords {
 public:
  // Of `policy` only its phrases are used: words for sets of scenarios that are often lost
  // together.
  explicit ScenarioWords(const v1::ScenarioTable& scenarios,
                         const v1::PolicyRuleTable& policy = {});

  // "commercial use by a company of 50 people"; the id with spaces for one that is not in the
  // table.
  [[nodiscard]] std::string Title(std::string_view scenario) const;
  // Position in the table, core scenarios first: the order in which people want to read losses.
  [[nodiscard]] int Rank(std::string_view scenario) const;
  // The fewest words for these scenarios: phrases where they fit, titles for the rest.
  [[nodiscard]] std::vector<std::string> Together(const std::vector<std::string>& scenarios) const;

 private:
  struct Entry {
    std::string title;
    int rank;
  };
  absl::flat_hash_map<std::string, Entry> entries_;
  std::vector<v1::PolicyPhrase> phrases_;
};

// "free", "needs a licence", "free to prohibited" for an interval.
[[nodiscard]] std::string IntervalWords(const v1::Interval& interval);

// "Lost: commercial use for large companies; hosting for customers; military use; and 2 more."
// Never empty; says so plainly when nothing was lost.
[[nodiscard]] std::string WhoLostWhat(const v1::Shift& shift, const ScenarioWords& words);

// The licence of one side as a person names it: its id, else what was declared, else "no licence".
// For an access shift the access words ("open", "gated (manual)").
[[nodiscard]] std::string SideWords(const v1::Alert& alert, const v1::Evidence& side);

// What the other side became; an edit under the same name says so ("edited text").
[[nodiscard]] std::string BecameWords(const v1::Alert& alert);

// "19 August 2026" and "2026-08-19 09:36 UTC"; "unknown" for 0.
[[nodiscard]] std::string DayWords(int64_t micros);
[[nodiscard]] std::string TimeWords(int64_t micros);
// "licence file" for the word "licence_file".
[[nodiscard]] std::string Spaced(std::string_view word);
// "1,234,567"
[[nodiscard]] std::string CountWords(uint64_t count);

// True for the public Hugging Face Hub itself.
[[nodiscard]] bool IsLiveHub(std::string_view endpoint);
// One sentence that says plainly what is watched.
[[nodiscard]] std::string WatchedWords(const v1::HubStatus& hub);

}  // namespace modelwatch::evaluator
