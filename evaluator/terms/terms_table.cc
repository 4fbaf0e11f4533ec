// SPDX-License-Identifier: Apache-2.0
#include "evaluator/terms/terms_table.h"

#include "absl/strings/ascii.h"
#include "common/digest.h"
#include "evaluator/license/fingerprints.h"
#include "evaluator/terms/embedded.h"
#include "evaluator/terms/lattice.h"

namespace modelwatch::evaluator {
namespace {

constexpr std::string_view kScancodeRef = "licenseref-scancode-";

// Names are compared in lower case, with one hyphen for every run of separators.
std::string Plain(std::string_view name) {
  std::string plain;
  for (const char c : name.substr(0, 256)) {
    const char lower = absl::ascii_tolower(static_cast<unsigned char>(c));
    const bool is_separator = lower == ' ' || lower == '_' || lower == '-' || lower == ',' ||
                              lower == '"' || lower == '\'' || lower == '\t' || lower == '\n';
    if (!is_separator) {
      plain.push_back(lower);
    } else if (!plain.empty() && plain.back() != '-') {
      plain.push_back('-');
    }
  }
  while (!plain.empty() && plain.back() == '-') plain.pop_back();
  return plain;
}

bool DropSuffix(std::string& name, std::string_view suffix) {
  if (name.size() <= suffix.size() ||
      std::string_view(name).substr(name.size() - suffix.size()) != suffix) {
    return false;
  }
  name.resize(name.size() - suffix.size());
  return true;
}

}  // namespace

const TermsTable& TermsTable::Builtin() {
  static const auto* table = new TermsTable(ParseEmbedded<v1::LicenceTermsTable>(kTermsData),
                                            ParseEmbedded<v1::ScenarioTable>(kScenariosData),
                                            ParseEmbedded<v1::OutcomeRuleTable>(kOutcomesData),
                                            ParseEmbedded<v1::HubTagTable>(kHubTagsData));
  return *table;
}

std::string JudgingDataDigest() {
  std::string all;
  for (const char* data : {kTermsData, kScenariosData, kOutcomesData, kHubTagsData, kClausesData}) {
    all += common::Sha256(data);
  }
  all += FingerprintIndex::Builtin().version();
  return common::ToHex(common::Sha256(all)).substr(0, 16);
}

TermsTable::TermsTable(v1::LicenceTermsTable licences, v1::ScenarioTable scenarios,
                       v1::OutcomeRuleTable rules, v1::HubTagTable tags)
    : licences_(std::move(licences)),
      scenarios_(std::move(scenarios)),
      rules_(std::move(rules)),
      tags_(std::move(tags)),
      outcome_rules_(rules_, scenarios_) {
  IndexNames();
  JudgeRows();
}

void TermsTable::JudgeRows() {
  for (const v1::LicenceTerms& row : licences_.licence()) {
    by_row_[&row] =
        row.is_resolved()
            ? TermsOf(row.dimensions(), row.id())
            : Unknown("'" + row.id() + "' names no one licence: its terms are not known");
  }
}

// An earlier claim to a name stands: ids, then corpus keys, then tags, then aliases.
void TermsTable::IndexNames() {
  for (const v1::LicenceTerms& row : licences_.licence())
    by_name_.try_emplace(Plain(row.id()), &row);
  for (const v1::LicenceTerms& row : licences_.licence()) {
    if (!row.corpus_key().empty()) by_name_.try_emplace(Plain(row.corpus_key()), &row);
  }
  for (const v1::HubTag& tag : tags_.tag()) {
    by_tag_.try_emplace(Plain(tag.tag()), &tag);
    for (const std::string& alias : tag.alias()) by_tag_.try_emplace(Plain(alias), &tag);
    const auto row = by_name_.find(Plain(tag.licence()));
    if (row != by_name_.end()) by_name_.try_emplace(Plain(tag.tag()), row->second);
  }
  for (const v1::LicenceTerms& row : licences_.licence()) {
    for (const std::string& alias : row.alias()) by_name_.try_emplace(Plain(alias), &row);
  }
}

const v1::LicenceTerms* TermsTable::Find(std::string_view name) const {
  std::string plain = Plain(name);
  if (plain.compare(0, kScancodeRef.size(), kScancodeRef) == 0) plain.erase(0, kScancodeRef.size());
  const auto look = [&]() -> const v1::LicenceTerms* {
    const auto at = by_name_.find(plain);
    return at == by_name_.end() ? nullptr : at->second;
  };
  if (const v1::LicenceTerms* row = look()) return row;
  // The same text either way; "or later" adds a choice of the user's.
  if (DropSuffix(plain, "-only") || DropSuffix(plain, "-or-later") || DropSuffix(plain, "+") ||
      DropSuffix(plain, "-plus")) {
    return look();
  }
  return nullptr;
}

v1::Terms TermsTable::TermsOf(const v1::Dimensions& dimensions, std::string_view licence) const {
  return outcome_rules_.Apply(dimensions, licence);
}

const v1::Terms& TermsTable::TermsOf(const v1::LicenceTerms& row) const {
  return by_row_.find(&row)->second;
}

v1::Terms TermsTable::TermsOf(const Expression& expression) const {
  if (expression.kind != Expression::Kind::kLicence) {
    const bool is_and = expression.kind == Expression::Kind::kAnd;
    v1::Terms terms = TermsOf(expression.parts.front());
    for (size_t i = 1; i < expression.parts.size(); ++i) {
      const v1::Terms part = TermsOf(expression.parts[i]);
      terms = is_and ? Join(terms, part) : Meet(terms, part);
    }
    return terms;
  }
  const v1::LicenceTerms* row = Find(expression.licence);
  if (row == nullptr) {
    return Unknown("the terms of '" + expression.licence + "' are not known");
  }
  v1::Terms terms = TermsOf(*row);
  if (!expression.exception.empty()) {
    for (v1::Outcome& outcome : *terms.mutable_outcomes()) outcome.mutable_interval()->set_low(0);
  }
  return terms;
}

v1::Terms TermsTable::Uniform(uint32_t low, uint32_t high, std::string_view clause,
                              std::string_view text) const {
  v1::Terms terms;
  for (const v1::Scenario& scenario : scenarios_.scenario()) {
    v1::Outcome& outcome = *terms.add_outcomes();
    outcome.set_scenario(scenario.id());
    outcome.mutable_interval()->set_low(low);
    outcome.mutable_interval()->set_high(high);
    if (clause.empty()) continue;
    v1::Because& because = *outcome.add_because();
    because.set_clause(std::string(clause));
    because.set_text(std::string(text));
  }
  return terms;
}

DeclaredLicence TermsTable::Resolve(std::string_view declared) const {
  DeclaredLicence resolved;
  const std::string plain = Plain(declared);
  const auto tag = by_tag_.find(plain);
  if (tag != by_tag_.end()) {
    resolved.is_known_tag = true;
    resolved.is_family = tag->second->is_family();
    resolved.licence = tag->second->licence();
  } else if (const v1::LicenceTerms* row = Find(declared)) {
    resolved.licence = row->id();
    resolved.is_family = !row->is_resolved();
  } else if (const auto parsed = ParseExpression(declared);
             parsed.ok() && parsed->kind != Expression::Kind::kLicence) {
    resolved.expression = FormatExpression(*parsed);
    return resolved;
  }
  if (resolved.licence.empty()) return resolved;
  const v1::LicenceTerms* row = Find(resolved.licence);
  if (row != nullptr && !row->is_resolved()) resolved.licence.clear();
  if (row != nullptr && row->is_resolved()) resolved.expression = row->spdx();
  return resolved;
}

}  // namespace modelwatch::evaluator
