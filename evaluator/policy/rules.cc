// SPDX-License-Identifier: Apache-2.0
#include "evaluator/policy/rules.h"

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "proto/release_pattern.h"

namespace modelwatch::evaluator {

extern const char kPolicyData[];

namespace {

using Tree = google::protobuf::TextFormat::ParseInfoTree;

constexpr std::array<std::string_view, 6> kAccessWords = {
    "open", "gated (auto)", "gated (manual)", "removed", "disabled", "private"};
// The events that a shift does not tell.
constexpr std::array<std::string_view, 7> kCauses = {"E5", "E8", "E9", "E10", "E11", "E12", "E13"};
constexpr int kEvents = 14;

// Keeps the first error: later ones are mostly its consequences.
class FirstError final : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, int column, const std::string& message) override {
    if (text_.empty()) {
      text_ = absl::StrFormat("line %d, column %d: %s", line + 1, column + 1, message);
    }
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

template <typename Words>
bool IsAmong(const Words& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool IsEvent(const std::string& word) {
  for (int event = 1; event <= kEvents; ++event) {
    if (word == absl::StrFormat("E%d", event)) return true;
  }
  return false;
}

bool IsId(const std::string& id) {
  return !id.empty() && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

// One rule under check; knows its place in the file.
class RuleCheck {
 public:
  RuleCheck(const v1::PolicyRuleTable& table, int at, Tree& tree, std::string_view file)
      : table_(table), rule_(table.rule(at)), file_(file) {
    const auto* field =
        v1::PolicyRuleTable::descriptor()->FindFieldByNumber(v1::PolicyRuleTable::kRuleFieldNumber);
    line_ = tree.GetLocation(field, at).line;
    fields_ = tree.GetTreeForNested(field, at);
  }

  [[nodiscard]] absl::Status Run(const std::set<std::string>& scenarios) const {
    RETURN_IF_ERROR(CheckIdentity());
    RETURN_IF_ERROR(CheckCause());
    for (const std::string& word : rule_.access()) {
      if (!IsAmong(kAccessWords, word)) {
        return Refuse(v1::PolicyRule::kAccessFieldNumber,
                      absl::StrFormat("access \"%s\" never holds; one of open, gated (auto), gated "
                                      "(manual), removed, disabled, private",
                                      word));
      }
    }
    RETURN_IF_ERROR(CheckScenarios(rule_.lost(), v1::PolicyRule::kLostFieldNumber, scenarios));
    RETURN_IF_ERROR(
        CheckScenarios(rule_.lost_only(), v1::PolicyRule::kLostOnlyFieldNumber, scenarios));
    return CheckReleases();
  }

 private:
  // `field` is where in the rule; 0 = the rule itself.
  [[nodiscard]] absl::Status Refuse(int field, const std::string& why) const {
    int line = line_;
    if (field != 0 && fields_ != nullptr) {
      const auto* descriptor = v1::PolicyRule::descriptor()->FindFieldByNumber(field);
      const int found = fields_->GetLocation(descriptor, descriptor->is_repeated() ? 0 : -1).line;
      if (found >= 0) line = found;
    }
    return absl::InvalidArgumentError(
        absl::StrFormat("rules %s, line %d: rule \"%s\": %s", file_, line + 1, rule_.id(), why));
  }

  [[nodiscard]] absl::Status CheckIdentity() const {
    if (!IsId(rule_.id())) {
      return Refuse(v1::PolicyRule::kIdFieldNumber,
                    "its id must be of a-z, 0-9 and '-', alerts carry it");
    }
    const auto same =
        std::count_if(table_.rule().begin(), table_.rule().end(),
                      [this](const v1::PolicyRule& other) { return other.id() == rule_.id(); });
    if (same > 1) return Refuse(v1::PolicyRule::kIdFieldNumber, "its id is given twice");
    if (rule_.is_muted()) return absl::OkStatus();
    if (rule_.severity() == v1::SEVERITY_UNSPECIFIED) {
      return Refuse(0, "it has no severity; INFO, NOTICE, WARNING or CRITICAL, or is_muted");
    }
    if (!IsEvent(rule_.event())) {
      return Refuse(v1::PolicyRule::kEventFieldNumber,
                    absl::StrFormat("event \"%s\" is none of E1 to E14", rule_.event()));
    }
    return absl::OkStatus();
  }

  [[nodiscard]] absl::Status CheckCause() const {
    if (rule_.cause().empty()) {
      return !rule_.names_uses() ? absl::OkStatus()
                                 : Refuse(v1::PolicyRule::kNamesUsesFieldNumber,
                                          "names_uses is for rules with a cause");
    }
    for (const std::string& cause : rule_.cause()) {
      if (IsAmong(kCauses, cause)) continue;
      return Refuse(
          v1::PolicyRule::kCauseFieldNumber,
          absl::StrFormat("cause \"%s\" never comes; one of E5, E8 to E13, the others are "
                          "shifts and need no cause",
                          cause));
    }
    if (rule_.direction_size() + rule_.kind_size() + rule_.lost_only_size() > 0) {
      return Refuse(
          0, "direction, kind and lost_only are of shifts; a rule with a cause is for events");
    }
    return absl::OkStatus();
  }

  [[nodiscard]] absl::Status CheckScenarios(
      const google::protobuf::RepeatedPtrField<std::string>& named, int field,
      const std::set<std::string>& known) const {
    for (const std::string& scenario : named) {
      if (known.empty() || known.count(scenario) > 0) continue;
      return Refuse(field, absl::StrFormat("scenario \"%s\" is not known; `modelwatch terms MIT "
                                           "--format json` lists them",
                                           scenario));
    }
    return absl::OkStatus();
  }

  [[nodiscard]] absl::Status CheckReleases() const {
    for (const std::string& name : rule_.watch_list()) {
      const bool is_there =
          std::any_of(table_.watch_list().begin(), table_.watch_list().end(),
                      [&](const v1::WatchList& list) { return list.name() == name; });
      if (is_there) continue;
      return Refuse(v1::PolicyRule::kWatchListFieldNumber,
                    absl::StrFormat("watch list \"%s\" is not in the file; add watch_list { name: "
                                    "\"%s\" release: \"owner/name\" }",
                                    name, name));
    }
    if (IsAmong(rule_.release(), "")) {
      return Refuse(v1::PolicyRule::kReleaseFieldNumber, "an empty release matches nothing");
    }
    return absl::OkStatus();
  }

  const v1::PolicyRuleTable& table_;
  const v1::PolicyRule& rule_;
  const std::string_view file_;
  int line_ = 0;
  Tree* fields_ = nullptr;
};

absl::Status CheckWatchLists(const v1::PolicyRuleTable& table, const Tree& tree,
                             std::string_view file) {
  const auto* field = v1::PolicyRuleTable::descriptor()->FindFieldByNumber(
      v1::PolicyRuleTable::kWatchListFieldNumber);
  std::set<std::string> names;
  for (int i = 0; i < table.watch_list_size(); ++i) {
    const v1::WatchList& list = table.watch_list(i);
    const bool is_new = names.insert(list.name()).second;
    if (!list.name().empty() && is_new && list.release_size() > 0 && !IsAmong(list.release(), "")) {
      continue;
    }
    return absl::InvalidArgumentError(absl::StrFormat(
        "rules %s, line %d: watch list \"%s\" %s", file, tree.GetLocation(field, i).line + 1,
        list.name(), is_new ? "needs a name and releases" : "is given twice"));
  }
  return absl::OkStatus();
}

bool IsOn(const v1::WatchList& list, std::string_view release_name) {
  return std::any_of(list.release().begin(), list.release().end(), [&](const std::string& pattern) {
    return proto::MatchesRelease(pattern, release_name);
  });
}

}  // namespace

const v1::PolicyRuleTable& BuiltinRules() {
  static const v1::PolicyRuleTable* const rules = [] {
    auto* table = new v1::PolicyRuleTable;
    if (!google::protobuf::TextFormat::ParseFromString(kPolicyData, table)) {
      std::fprintf(stderr, "modelwatch: the embedded policy does not parse\n");
      std::abort();
    }
    return table;
  }();
  return *rules;
}

absl::StatusOr<v1::PolicyRuleTable> ParseRules(std::string_view text, std::string_view file,
                                               const std::set<std::string>& scenarios) {
  v1::PolicyRuleTable table;
  Tree tree;
  FirstError error;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&error);
  parser.WriteLocationsTo(&tree);
  if (!parser.ParseFromString(std::string(text), &table)) {
    return absl::InvalidArgumentError(absl::StrFormat("rules %s, %s", file, error.text()));
  }
  if (table.rule().empty() && !table.then_builtin()) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "rules %s, line 1: no rule; nothing would ever be told. Write rules, or then_builtin: true",
        file));
  }
  RETURN_IF_ERROR(CheckWatchLists(table, tree, file));
  const int own = table.rule_size();
  if (table.then_builtin()) table.mutable_rule()->MergeFrom(BuiltinRules().rule());
  for (int i = 0; i < own; ++i) {
    RETURN_IF_ERROR(RuleCheck(table, i, tree, file).Run(scenarios));
  }
  if (table.phrase().empty()) *table.mutable_phrase() = BuiltinRules().phrase();
  return table;
}

bool IsForRelease(const v1::PolicyRuleTable& rules, const v1::PolicyRule& rule,
                  std::string_view release_name) {
  if (rule.release().empty() && rule.watch_list().empty()) return true;
  const auto& patterns = rule.release();
  if (std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
        return proto::MatchesRelease(pattern, release_name);
      })) {
    return true;
  }
  return std::any_of(rules.watch_list().begin(), rules.watch_list().end(),
                     [&](const v1::WatchList& list) {
                       return IsAmong(rule.watch_list(), list.name()) && IsOn(list, release_name);
                     });
}

}  // namespace modelwatch::evaluator
