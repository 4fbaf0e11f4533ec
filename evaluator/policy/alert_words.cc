// SPDX-License-Identifier: Apache-2.0
#include "evaluator/policy/alert_words.h"

#include <algorithm>
#include <set>
#include <vector>

#include "absl/strings/str_format.h"

namespace modelwatch::evaluator {
namespace {

constexpr size_t kMaxNamed = 3;

std::string Uses(const v1::PolicyRuleTable& rules,
                 const google::protobuf::RepeatedPtrField<v1::Move>& moves) {
  std::set<std::string> left;
  for (const v1::Move& move : moves) left.insert(move.scenario());
  std::vector<std::string> named;
  for (const v1::PolicyPhrase& phrase : rules.phrase()) {
    const bool holds = std::all_of(phrase.scenario().begin(), phrase.scenario().end(),
                                   [&](const std::string& s) { return left.count(s) > 0; });
    if (!holds) continue;
    for (const std::string& scenario : phrase.scenario()) left.erase(scenario);
    named.push_back(phrase.words());
  }
  std::string words;
  for (size_t i = 0; i < named.size() && i < kMaxNamed; ++i) {
    words += (i == 0 ? "" : ", ") + named[i];
  }
  if (named.size() > kMaxNamed) words += absl::StrFormat(" and %d more", named.size() - kMaxNamed);
  return words;
}

std::string OrUnknown(const std::string& licence) {
  return licence.empty() ? "no stated licence" : licence;
}

}  // namespace

std::string AccessWord(const v1::Access& access) {
  if (access.presence() == v1::REMOVED) return "removed";
  if (access.presence() == v1::DISABLED) return "disabled";
  if (access.is_private()) return "private";
  if (access.gate() == v1::AUTO) return "gated (auto)";
  if (access.gate() == v1::MANUAL) return "gated (manual)";
  return "open";
}

std::string AlertTitle(const v1::PolicyRuleTable& rules, const std::string& name,
                       const v1::Shift& shift, const v1::Access& then, const v1::Access& now) {
  std::string move;
  if (shift.kind() == v1::ACCESS) {
    const std::string was = AccessWord(then), is = AccessWord(now);
    move = was == is ? absl::StrFormat("the gate's terms changed (%s)", is)
                     : absl::StrFormat("%s -> %s", was, is);
  } else if (shift.kind() == v1::EDIT || shift.from_licence() == shift.to_licence()) {
    move = absl::StrFormat("%s edited", OrUnknown(shift.to_licence()));
  } else {
    move =
        absl::StrFormat("%s -> %s", OrUnknown(shift.from_licence()), OrUnknown(shift.to_licence()));
  }
  std::string title = absl::StrFormat("%s: %s", name, move);
  if (shift.lost_size() > 0) title += absl::StrFormat(": %s lost", Uses(rules, shift.lost()));
  if (shift.lost_size() == 0 && shift.gained_size() > 0) {
    title += absl::StrFormat(": %s gained", Uses(rules, shift.gained()));
  }
  return title;
}

}  // namespace modelwatch::evaluator
