// SPDX-License-Identifier: Apache-2.0
// Words for people: what the page and the feed say about alerts, terms, times and hubs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "modelwatch/v1/alert.pb.h"
#include "modelwatch/v1/judging.pb.h"
#include "modelwatch/v1/read.pb.h"

namespace modelwatch::evaluator {

// What scenarios are called. Immutable.
class ScenarioWords {
 public:
  explicit ScenarioWords(const v1::ScenarioTable& scenarios);

  // "commercial use by a company of 50 people"; the id with spaces for one that is not in the
  // table.
  [[nodiscard]] std::string Title(std::string_view scenario) const;
  // Position in the table, core scenarios first: the order in which people want to read losses.
  [[nodiscard]] int Rank(std::string_view scenario) const;

 private:
  struct Entry {
    std::string title;
    int rank;
  };
  absl::flat_hash_map<std::string, Entry> entries_;
};

// "free", "needs a licence", "free to prohibited" for an interval.
[[nodiscard]] std::string IntervalWords(const v1::Interval& interval);

// "Lost by 12 uses: commercial use by a start-up, hosting it for others, and 10 more." Never empty;
// says so plainly when nothing was lost.
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
