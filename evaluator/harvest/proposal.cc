// SPDX-License-Identifier: Apache-2.0
#include "evaluator/harvest/proposal.h"

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/clock.h"
#include "common/status_macros.h"
#include "evaluator/harvest/naming.h"

namespace modelwatch::evaluator {

extern const char kPromotionData[];  // embedded: cmake/embed.cmake

namespace {

constexpr size_t kMaxPublishersRead = 50;

// The name that most of the publisher's versions give; empty when none gives one.
std::string DeclaredBy(const Candidate& candidate, const std::string& publisher) {
  const auto names = candidate.declared_names.find(publisher);
  if (names == candidate.declared_names.end() || names->second.empty()) return "";
  return std::max_element(names->second.begin(), names->second.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

// The first mistake of a textproto, where a person finds it.
struct FirstError final : google::protobuf::io::ErrorCollector {
  void AddError(int line, int column, const std::string& message) override {
    if (text.empty())
      text = absl::StrFormat("line %d, column %d: %s", line + 1, column + 1, message);
  }
  std::string text;
};

struct Publisher {
  std::string name;
  size_t releases = 0;
  bool names_licensor = false;
  bool declares_name = false;
  [[nodiscard]] int signs() const { return (names_licensor ? 2 : 0) + (declares_name ? 1 : 0); }
};

// The likeliest licensor first.
std::vector<Publisher> PublishersOf(const Candidate& candidate, std::span<const Token> text,
                                    const v1::PromotionRules& rules,
                                    const std::function<bool(std::string_view)>& is_known) {
  std::vector<Publisher> publishers;
  for (const auto& [name, keys] : candidate.releases) publishers.push_back({name, keys.size()});
  std::stable_sort(publishers.begin(), publishers.end(),
                   [](const auto& a, const auto& b) { return a.releases > b.releases; });
  for (size_t i = 0; i < std::min(publishers.size(), kMaxPublishersRead); ++i) {
    Publisher& publisher = publishers[i];
    const std::string declared = DeclaredBy(candidate, publisher.name);
    publisher.names_licensor = NamesPublisher(text, publisher.name, rules);
    publisher.declares_name = !declared.empty() && !is_known(declared);
  }
  std::stable_sort(publishers.begin(), publishers.end(),
                   [](const auto& a, const auto& b) { return a.signs() > b.signs(); });
  return publishers;
}

// What the rule lacks; empty when it holds, and then `by` is whose licence it is.
std::string Lacks(const v1::PromotionRule& rule, const Candidate& candidate,
                  const std::vector<Publisher>& publishers, const Publisher*& by) {
  if (!rule.status().empty() && std::find(rule.status().begin(), rule.status().end(),
                                          candidate.finding.status()) == rule.status().end()) {
    return absl::StrFormat("it is %s", v1::FindingStatus_Name(candidate.finding.status()));
  }
  if (candidate.words < rule.min_words()) {
    return absl::StrFormat("%d of %d words", candidate.words, rule.min_words());
  }
  if (candidate.legal_words < rule.min_legal_words()) {
    return absl::StrFormat("%d of %d legal words in 1000", candidate.legal_words,
                           rule.min_legal_words());
  }
  if (publishers.size() < rule.min_publishers()) {
    return absl::StrFormat("%d of %d publishers", publishers.size(), rule.min_publishers());
  }
  size_t most = 0;
  bool has_signs = false;
  for (const Publisher& publisher : publishers) {
    if ((rule.names_licensor() && !publisher.names_licensor) ||
        (rule.declares_name() && !publisher.declares_name)) {
      continue;
    }
    has_signs = true;
    most = std::max(most, publisher.releases);
    if (publisher.releases >= rule.min_releases()) {
      by = &publisher;
      return "";
    }
  }
  if (!has_signs) {
    if (!rule.names_licensor()) return "no card gives it a name of its own";
    return rule.declares_name() ? "no publisher both stands in the text and names it on a card"
                                : "the text names no publisher that has it";
  }
  return absl::StrFormat("%d of %d releases of one publisher", most, rule.min_releases());
}

std::string ProposedKey(const Candidate& candidate) {
  const std::string publisher = KeyOf(candidate.publisher);
  std::string key = KeyOf(candidate.name);
  if (key.substr(0, publisher.size()) != publisher) {
    key = KeyOf(candidate.publisher + " " + candidate.name);
  }
  const std::string version = KeyOf(candidate.version);
  if (!version.empty() && key.find(version) == std::string::npos) {
    key = KeyOf(key.substr(0, kMaxKeyBytes - version.size() - 1) + "-" + version);
  }
  return key.empty() ? "text-" + candidate.words_digest.substr(0, 8) : key;
}

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : CleanText(text)) {
    if (c == '"' || c == '\\') quoted.push_back('\\');
    quoted.push_back(c);
  }
  return quoted + "\"";
}

}  // namespace

absl::StatusOr<v1::PromotionRules> ParsePromotionRules(std::string_view textproto) {
  v1::PromotionRules rules;
  FirstError error;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&error);
  if (!parser.ParseFromString(std::string(textproto), &rules)) {
    return absl::InvalidArgumentError("promotion rules, " + error.text);
  }
  for (const v1::PromotionRule& rule : rules.rule()) {
    if (rule.id().empty()) return absl::InvalidArgumentError("a promotion rule has no id");
  }
  return rules;
}

const v1::PromotionRules& BuiltinPromotionRules() {
  static const v1::PromotionRules* const built_in = [] {
    absl::StatusOr<v1::PromotionRules> rules = ParsePromotionRules(kPromotionData);
    if (rules.ok()) return new v1::PromotionRules(*std::move(rules));
    std::fprintf(stderr, "modelwatch: embedded: %s\n", rules.status().ToString().c_str());
    std::abort();  // a bug of the build
  }();
  return *built_in;
}

void Propose(std::span<const Token> text, const v1::PromotionRules& rules,
             const std::function<bool(std::string_view)>& is_known, Candidate& candidate) {
  const std::vector<Publisher> publishers = PublishersOf(candidate, text, rules, is_known);
  const Publisher* by = publishers.empty() ? nullptr : &publishers.front();
  std::vector<std::string> lacks;
  for (const v1::PromotionRule& rule : rules.rule()) {
    std::string lack = Lacks(rule, candidate, publishers, by);
    if (lack.empty()) {
      candidate.rule = rule.id();
      candidate.verdict = rule.reason();
      break;
    }
    lacks.push_back(rule.id() + ": " + std::move(lack));
  }
  if (candidate.rule.empty()) candidate.verdict = absl::StrJoin(lacks, "; ");
  if (by != nullptr) {
    candidate.publisher = by->name;
    candidate.names_licensor = by->names_licensor;
    candidate.declares_name = by->declares_name;
  }
  candidate.name = CleanText(DeclaredBy(candidate, candidate.publisher));
  if (candidate.name.empty()) candidate.name = TitleOf(candidate.text);
  if (candidate.name.empty()) candidate.name = CleanText(candidate.source.path);
  candidate.version = VersionIn(text);
  candidate.key = ProposedKey(candidate);
}

std::string PromotedFile(const Candidate& candidate) {
  const CandidateSource& source = candidate.source;
  std::string file = "---\n";
  const auto add = [&](const char* field, std::string_view value) {
    file += absl::StrFormat("%s: %s\n", field, Quoted(value));
  };
  add("key", candidate.key);
  add("short_name", candidate.name);
  add("name", candidate.name);
  add("category", "Harvested");
  add("owner", candidate.publisher);
  add("spdx_license_key", "LicenseRef-harvest-" + candidate.key);
  add("harvested_by_rule", candidate.rule);
  add("harvested_from", source.hub + ":" + source.release);
  add("harvested_revision", source.revision);
  add("harvested_path", source.path);
  add("harvested_oid", source.oid);
  add("harvested_sha256", source.sha256);
  add("harvested_seen", common::FormatMicros(source.seen_us));
  return file + "---\n" + candidate.text;
}

}  // namespace modelwatch::evaluator
