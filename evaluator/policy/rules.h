// SPDX-License-Identifier: Apache-2.0
// The rules file: what a user wants told, read and checked before anything runs on it.
#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "modelwatch/v1/judging.pb.h"

namespace modelwatch::evaluator {

// The rules that are embedded in the program.
[[nodiscard]] const v1::PolicyRuleTable& BuiltinRules();

// A textproto of PolicyRuleTable. `file` stands in messages; `scenarios` are the ids that rules may
// name, empty = any. Where the file says `then_builtin`, the built-in rules follow its own; where
// it has no phrases, the built-in ones serve. INVALID_ARGUMENT, one line "rules FILE, line N: what,
// and what instead", for an unknown field, a rule without id or severity, an id given twice, a word
// that no rule could ever match, a watch list that is not in the file, or no rule at all.
[[nodiscard]] absl::StatusOr<v1::PolicyRuleTable> ParseRules(
    std::string_view text, std::string_view file, const std::set<std::string>& scenarios = {});

// Whether a list of a rule lets the value through: an empty one lets all.
template <typename List, typename Value>
[[nodiscard]] bool MatchesAny(const List& list, const Value& value) {
  return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
}

// Whether a rule is meant for this release at all.
[[nodiscard]] bool IsForRelease(const v1::PolicyRuleTable& rules, const v1::PolicyRule& rule,
                                std::string_view release_name);

}  // namespace modelwatch::evaluator
