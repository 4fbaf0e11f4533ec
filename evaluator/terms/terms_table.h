// SPDX-License-Identifier: Apache-2.0
// What known licences demand: the rows of terms.textproto, and the rules of outcomes.textproto that
// turn a row into the outcome of every scenario. Both are data with a source on every row, embedded
// into the program at build time.
#pragma once

#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "evaluator/license/expression.h"
#include "evaluator/terms/outcome_rules.h"
#include "modelwatch/v1/assessment.pb.h"
#include "modelwatch/v1/judging.pb.h"

namespace modelwatch::evaluator {

// A declared licence (hub tag, card value, licence name), resolved as far as it can be.
struct DeclaredLicence {
  std::string licence;        // id of the terms table; empty when it names none
  std::string expression;     // SPDX expression; empty when it names none
  bool is_family = false;     // names a family, version unknown ("gpl", "bsd", "openrail")
  bool is_known_tag = false;  // the value is one of the hub's tags
};

// Immutable after construction; any number of threads may read it.
class TermsTable {
 public:
  // The embedded tables. Aborts when they do not parse: that is a bug of the build.
  static const TermsTable& Builtin();

  TermsTable(v1::LicenceTermsTable licences, v1::ScenarioTable scenarios,
             v1::OutcomeRuleTable rules, v1::HubTagTable tags);
  TermsTable(const TermsTable&) = delete;
  TermsTable& operator=(const TermsTable&) = delete;

  // By id, corpus key, SPDX reference to the corpus key, hub tag or alias; letter case, spaces,
  // underscores and "-only"/"-or-later" ignored; null when unknown.
  [[nodiscard]] const v1::LicenceTerms* Find(std::string_view name) const;

  [[nodiscard]] const v1::ScenarioTable& scenarios() const { return scenarios_; }
  [[nodiscard]] const v1::LicenceTermsTable& licences() const { return licences_; }
  [[nodiscard]] const v1::HubTagTable& hub_tags() const { return tags_; }
  [[nodiscard]] const v1::OutcomeRuleTable& rules() const { return rules_; }

  // Outcome of every scenario under these dimensions, as points. `because` names the rules.
  [[nodiscard]] v1::Terms TermsOf(const v1::Dimensions& dimensions, std::string_view licence) const;
  // Of a row of this table. An unresolved row gives the unknown interval [0, 3] everywhere.
  [[nodiscard]] const v1::Terms& TermsOf(const v1::LicenceTerms& row) const;
  // AND joins, OR meets. WITH an exception: as the licence alone, but the low bound falls to free
  // where the licence restricts, for an exception only adds permissions. An id without a row gives
  // the unknown interval.
  [[nodiscard]] v1::Terms TermsOf(const Expression& expression) const;

  // Every scenario at [low, high], with one reason each when `clause` is not empty.
  [[nodiscard]] v1::Terms Uniform(uint32_t low, uint32_t high, std::string_view clause,
                                  std::string_view text) const;
  [[nodiscard]] v1::Terms Unknown(std::string_view reason) const {
    return Uniform(0, 3, "unknown", reason);
  }

  // What a hub tag, a card licence or a licence name stands for. Aliases and letter case are not a
  // difference: "Apache 2.0", "apache2" and "apache-2.0" resolve alike.
  [[nodiscard]] DeclaredLicence Resolve(std::string_view declared) const;

 private:
  void IndexNames();
  void JudgeRows();

  v1::LicenceTermsTable licences_;
  v1::ScenarioTable scenarios_;
  v1::OutcomeRuleTable rules_;
  v1::HubTagTable tags_;
  OutcomeRules outcome_rules_;
  absl::flat_hash_map<const v1::LicenceTerms*, v1::Terms> by_row_;  // rows are asked for most
  absl::flat_hash_map<std::string, const v1::LicenceTerms*> by_name_;
  absl::flat_hash_map<std::string, const v1::HubTag*> by_tag_;
};

// Digest of all embedded data of this room and of the fingerprints of evaluator/license, 16 hex
// digits: judgements made with other data may differ.
[[nodiscard]] std::string JudgingDataDigest();

}  // namespace modelwatch::evaluator
