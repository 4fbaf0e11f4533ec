// SPDX-License-Identifier: Apache-2.0
#include "evaluator/assess/access_terms.h"

#include "evaluator/terms/clauses.h"
#include "evaluator/terms/lattice.h"

namespace modelwatch::evaluator {
namespace {

// Uses that begin with fetching the weights.
bool NeedsWeights(const v1::Scenario& scenario) {
  const std::string& group = scenario.group();
  return group == "use" || group == "commercial" || group == "region" || group == "field" ||
         group == "hosting";
}

void Raise(v1::Outcome& outcome, uint32_t value, const char* clause, const char* text) {
  if (outcome.interval().low() > value) return;
  outcome.mutable_interval()->set_low(value);
  outcome.mutable_interval()->set_high(value);
  v1::Because& because = *outcome.add_because();
  because.set_clause(clause);
  because.set_text(text);
}

v1::Gate GateOf(const v1::Access& access) {
  return access.gate() == v1::GATE_UNSPECIFIED ? v1::OPEN : access.gate();
}

v1::Presence PresenceOf(const v1::Access& access) {
  return access.presence() == v1::PRESENCE_UNSPECIFIED ? v1::PRESENT : access.presence();
}

}  // namespace

bool IsGone(const v1::Access& access) {
  return PresenceOf(access) != v1::PRESENT || access.is_private();
}

bool IsSameAccess(const v1::Access& left, const v1::Access& right) {
  return GateOf(left) == GateOf(right) && PresenceOf(left) == PresenceOf(right) &&
         left.is_private() == right.is_private();
}

bool HasAccessTerms(const v1::Access& access, const v1::Declared& declared) {
  return IsGone(access) || GateOf(access) != v1::OPEN || declared.excludes_eu();
}

v1::Terms AccessTerms(const TermsTable& table, const v1::Access& access,
                      const v1::Declared& declared) {
  if (PresenceOf(access) == v1::REMOVED) {
    return table.Uniform(kProhibited, kProhibited, "access.removed", "the release is removed");
  }
  if (PresenceOf(access) == v1::DISABLED) {
    return table.Uniform(kProhibited, kProhibited, "access.disabled",
                         "the hub disabled the release");
  }
  if (access.is_private()) {
    return table.Uniform(kProhibited, kProhibited, "access.private", "the release is private");
  }
  v1::Terms terms = table.Uniform(kFree, kFree, "", "");
  for (int i = 0; i < terms.outcomes_size(); ++i) {
    const v1::Scenario& scenario = table.scenarios().scenario(i);
    v1::Outcome& outcome = *terms.mutable_outcomes(i);
    if (NeedsWeights(scenario) && GateOf(access) == v1::AUTO) {
      Raise(outcome, kDuty, "gate.auto", "users log in and agree before the hub serves the files");
    }
    if (NeedsWeights(scenario) && GateOf(access) == v1::MANUAL) {
      Raise(outcome, kNeedsLicence, "gate.manual", "the publisher approves each user");
    }
    const bool is_eu = scenario.id() == "eu_personal" || scenario.id() == "eu_com_small";
    if (is_eu && declared.excludes_eu()) {
      Raise(outcome, kProhibited, "gate.region", "the gate shuts out users in the European Union");
    }
  }
  if (declared.gated_prompt().empty() || GateOf(access) == v1::OPEN) return terms;
  const Reading prompt = ReadClauses(declared.gated_prompt());
  v1::Terms said = table.TermsOf(prompt.dimensions, "");
  CiteHits(said, prompt.hits, v1::GATE_PROMPT, "");
  return Join(terms, said);
}

}  // namespace modelwatch::evaluator
