// SPDX-License-Identifier: Apache-2.0
#include "evaluator/feed/words.h"

#include <algorithm>
#include <set>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "common/clock.h"
#include "proto/json.h"

namespace modelwatch::evaluator {
namespace {

constexpr size_t kNamedLosses = 3;
constexpr int kUnknownRank = 1 << 20;
constexpr char kLiveEndpoint[] = "https://huggingface.co";

}  // namespace

ScenarioWords::ScenarioWords(const v1::ScenarioTable& scenarios, const v1::PolicyRuleTable& policy)
    : phrases_(policy.phrase().begin(), policy.phrase().end()) {
  int rank = 0;
  for (const v1::Scenario& scenario : scenarios.scenario()) {
    const int core_first = scenario.is_core() ? 0 : scenarios.scenario_size();
    entries_[scenario.id()] = {scenario.title(), core_first + rank++};
  }
}

std::string ScenarioWords::Title(std::string_view scenario) const {
  const auto found = entries_.find(std::string(scenario));
  if (found != entries_.end() && !found->second.title.empty()) return found->second.title;
  return Spaced(scenario);
}

int ScenarioWords::Rank(std::string_view scenario) const {
  const auto found = entries_.find(std::string(scenario));
  return found == entries_.end() ? kUnknownRank : found->second.rank;
}

std::vector<std::string> ScenarioWords::Together(const std::vector<std::string>& scenarios) const {
  std::set<std::string> left(scenarios.begin(), scenarios.end());
  std::vector<std::string> words;
  for (const v1::PolicyPhrase& phrase : phrases_) {
    const bool fits = !phrase.scenario().empty() &&
                      std::all_of(phrase.scenario().begin(), phrase.scenario().end(),
                                  [&](const std::string& one) { return left.contains(one); });
    if (!fits) continue;
    for (const std::string& one : phrase.scenario()) left.erase(one);
    words.push_back(phrase.words());
  }
  std::vector<std::string> rest(left.begin(), left.end());
  std::stable_sort(rest.begin(), rest.end(),
                   [&](const std::string& a, const std::string& b) { return Rank(a) < Rank(b); });
  for (const std::string& one : rest) words.push_back(Title(one));
  return words;
}

std::string IntervalWords(const v1::Interval& interval) {
  const std::string low(proto::OutcomeWord(interval.low()));
  if (interval.low() == interval.high()) return low;
  if (interval.low() == 0 && interval.high() == 3) return "unknown";
  return absl::StrFormat("%s to %s", low, proto::OutcomeWord(interval.high()));
}

std::string WhoLostWhat(const v1::Shift& shift, const ScenarioWords& words) {
  std::vector<std::string> scenarios;
  for (const v1::Move& move : shift.lost()) scenarios.push_back(move.scenario());
  if (scenarios.empty()) return "Nobody lost anything for certain.";
  const std::vector<std::string> lost = words.Together(scenarios);
  std::string sentence = "Lost: ";
  const size_t named = lost.size() <= kNamedLosses + 1 ? lost.size() : kNamedLosses;
  for (size_t i = 0; i < named; ++i) {
    if (i > 0) sentence += "; ";
    sentence += lost[i];
  }
  if (named < lost.size()) {
    sentence += absl::StrFormat("; and %d more", lost.size() - named);
  }
  return sentence + ".";
}

std::string SideWords(const v1::Alert& alert, const v1::Evidence& side) {
  if (alert.shift().kind() == v1::ACCESS && !side.access().empty()) return side.access();
  if (!side.licence().empty()) return side.licence();
  if (!side.declared().empty()) return side.declared();
  return side.access().empty() || side.access() == "open" ? "no known licence" : side.access();
}

std::string BecameWords(const v1::Alert& alert) {
  std::string words = SideWords(alert, alert.after());
  if (words != SideWords(alert, alert.before())) return words;
  if (alert.shift().kind() == v1::EDIT) return "same name, edited text";
  return alert.shift().kind() == v1::ACCESS ? words : words + ", other terms";
}

std::string DayWords(int64_t micros) {
  if (micros == 0) return "unknown";
  return absl::FormatTime("%-d %B %Y", common::FromMicros(micros), absl::UTCTimeZone());
}

std::string TimeWords(int64_t micros) {
  if (micros == 0) return "unknown";
  return absl::FormatTime("%Y-%m-%d %H:%M UTC", common::FromMicros(micros), absl::UTCTimeZone());
}

std::string Spaced(std::string_view word) {
  return absl::StrReplaceAll(std::string(word), {{"_", " "}});
}

std::string CountWords(uint64_t count) {
  std::string digits = std::to_string(count);
  for (size_t at = digits.size(); at > 3;) digits.insert(at -= 3, 1, ',');
  return digits;
}

bool IsLiveHub(std::string_view endpoint) {
  while (!endpoint.empty() && endpoint.back() == '/') endpoint.remove_suffix(1);
  return endpoint == kLiveEndpoint;
}

std::string WatchedWords(const v1::HubStatus& hub) {
  const std::string label = hub.label().empty() ? "" : absl::StrFormat(" (%s)", hub.label());
  if (IsLiveHub(hub.endpoint())) {
    return absl::StrFormat("Watching the live Hugging Face Hub at %s%s.", hub.endpoint(), label);
  }
  const std::string where = hub.endpoint().empty() ? "an unnamed address" : hub.endpoint();
  return absl::StrFormat("Not the live Hugging Face Hub: replay or mirror at %s%s.", where, label);
}

}  // namespace modelwatch::evaluator
