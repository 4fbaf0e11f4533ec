// SPDX-License-Identifier: Apache-2.0
#include "evaluator/assess/lineage.h"

#include <algorithm>
#include <array>

#include "absl/strings/match.h"
#include "absl/strings/str_format.h"
#include "evaluator/assess/access_terms.h"
#include "evaluator/terms/lattice.h"
#include "proto/release_id.h"

namespace modelwatch::evaluator {
namespace {

// The hub's words; it takes a base without a relation for a finetune.
constexpr std::array<std::string_view, 5> kRelations = {"", "finetune", "adapter", "quantized",
                                                        "merge"};
constexpr std::string_view kStanding = "standing";  // group of scenarios.textproto
constexpr std::string_view kSameLicence = "publish_finetune_same_licence";
constexpr std::string_view kPermissive = "publish_finetune_permissive";

const v1::Terms& LicenceTermsOf(const v1::Assessment& assessment) {
  return assessment.has_licence_terms() ? assessment.licence_terms() : assessment.terms();
}

std::string LicenceOf(const v1::Assessment& assessment) {
  if (!assessment.licence().empty()) return assessment.licence();
  return assessment.expression().empty() ? "no known licence" : assessment.expression();
}

bool IsRelation(std::string_view relation) {
  return std::find(kRelations.begin(), kRelations.end(), relation) != kRelations.end();
}

v1::Interval IntervalOf(const v1::Terms& terms, const std::string& scenario) {
  const v1::Outcome* outcome = FindOutcome(terms, scenario);
  if (outcome != nullptr) return outcome->interval();
  v1::Interval unknown;
  unknown.set_high(kProhibited);
  return unknown;
}

bool IsSamePublisher(const std::string& left, const std::string& right) {
  const std::string_view owner = proto::Owner(left);
  return !owner.empty() &&
         absl::EqualsIgnoreCase(std::string(owner), std::string(proto::Owner(right)));
}

// The terms of both sides say anything at all.
bool IsKnown(const v1::Terms& terms) {
  return std::any_of(terms.outcomes().begin(), terms.outcomes().end(), [](const auto& outcome) {
    return outcome.interval().low() > kFree || outcome.interval().high() < kProhibited;
  });
}

// Copyleft: free to use, and only under the same terms to pass on.
bool IsCopyleft(const TermsTable& table, const v1::Terms& terms) {
  if (IntervalOf(terms, std::string(kPermissive)).low() < kProhibited) return false;
  const auto& scenarios = table.scenarios().scenario();
  return std::all_of(scenarios.begin(), scenarios.end(), [&](const v1::Scenario& scenario) {
    return scenario.group() != "commercial" || IntervalOf(terms, scenario.id()).high() <= kDuty;
  });
}

bool AddsRestrictions(const TermsTable& table, const v1::Terms& base, const v1::Terms& derivative) {
  if (!IsCopyleft(table, base)) return false;
  const auto& scenarios = table.scenarios().scenario();
  return std::any_of(scenarios.begin(), scenarios.end(), [&](const v1::Scenario& scenario) {
    return scenario.group() == "commercial" &&
           IntervalOf(derivative, scenario.id()).low() >= kNeedsLicence;
  });
}

LineageFinding Undecidable(std::string reason) {
  LineageFinding finding;
  finding.reason = std::move(reason);
  return finding;
}

void FindGaps(const TermsTable& table, const v1::Terms& required, const v1::Terms& declared,
              std::string_view relation, LineageFinding& finding) {
  for (const v1::Scenario& scenario : table.scenarios().scenario()) {
    const uint32_t low = IntervalOf(required, scenario.id()).low();
    uint32_t high = IntervalOf(declared, scenario.id()).high();
    // No derivatives at all: that one is there is the conflict, whatever it declares. A quantised
    // copy is another format of the same weights.
    if (scenario.id() == kSameLicence && low == kProhibited && relation != "quantized") high = 0;
    if (low < kNeedsLicence || high >= low) continue;
    finding.scenarios.push_back(scenario.id());
    finding.gap = std::max(finding.gap, low - high);
  }
}

}  // namespace

std::string_view Word(LineageVerdict verdict) {
  switch (verdict) {
    case LineageVerdict::kFits:
      return "fits";
    case LineageVerdict::kLooser:
      return "looser";
    case LineageVerdict::kAddsRestrictions:
      return "adds_restrictions";
    case LineageVerdict::kUndecidable:
      break;
  }
  return "undecidable";
}

v1::Terms Required(const TermsTable& table, const v1::Assessment& base, std::string_view relation) {
  if (!IsRelation(relation)) return table.Unknown("an unknown relation");
  v1::Terms required;
  for (const v1::Scenario& scenario : table.scenarios().scenario()) {
    v1::Outcome& outcome = *required.add_outcomes();
    outcome.set_scenario(scenario.id());
    if (scenario.group() == kStanding) continue;
    const v1::Outcome* of_base = FindOutcome(LicenceTermsOf(base), scenario.id());
    const v1::Interval interval = IntervalOf(LicenceTermsOf(base), scenario.id());
    const auto persists = [](uint32_t value) { return value >= kNeedsLicence ? value : kFree; };
    outcome.mutable_interval()->set_low(persists(interval.low()));
    outcome.mutable_interval()->set_high(persists(interval.high()));
    if (of_base != nullptr && interval.low() >= kNeedsLicence) {
      *outcome.mutable_because() = of_base->because();
    }
  }
  return required;
}

void JoinBases(const TermsTable& table, std::span<const Base> bases, v1::Assessment& derivative) {
  const v1::Terms own = derivative.terms();
  for (const Base& base : bases) {
    const bool counts = base.assessment != nullptr && IsRelation(base.relation) &&
                        !base.assessment->is_memory_only() &&
                        !IsSamePublisher(derivative.name(), base.name) &&
                        IsKnown(LicenceTermsOf(*base.assessment));
    if (!counts) continue;
    v1::Terms required = Required(table, *base.assessment, base.relation);
    for (v1::Outcome& outcome : *required.mutable_outcomes()) {
      if (outcome.because().empty()) continue;
      // One reason, and none of the base's lines: they are of another release's file.
      v1::Because because = outcome.because(0);
      because.set_path(base.name);
      because.set_line(0);
      because.set_text(absl::StrFormat("the base %s requires it: %s", base.name, because.text()));
      outcome.clear_because();
      *outcome.add_because() = std::move(because);
    }
    *derivative.mutable_terms() = Join(derivative.terms(), required);
  }
  const bool is_more = CompareTerms(own, derivative.terms()).direction() != v1::SAME;
  if (is_more && !derivative.has_licence_terms()) *derivative.mutable_licence_terms() = own;
}

void DropBases(const TermsTable& table, const v1::Observation& seen, v1::Assessment& derivative) {
  if (seen.declared().base_models().empty() || !derivative.has_licence_terms()) return;
  v1::Terms own = derivative.licence_terms();
  if (HasAccessTerms(seen.access(), seen.declared())) {
    own = Join(own, AccessTerms(table, seen.access(), seen.declared()));
  }
  const v1::Shift added = CompareTerms(derivative.licence_terms(), own);
  *derivative.mutable_terms() = std::move(own);
  if (added.direction() == v1::SAME) derivative.clear_licence_terms();
}

LineageFinding CompareWithBase(const TermsTable& table, const v1::Assessment& derivative,
                               const Base& base) {
  if (base.assessment == nullptr) return Undecidable("the base is not in the index");
  if (!IsRelation(base.relation)) {
    return Undecidable(absl::StrFormat("what \"%s\" takes over is not known", base.relation));
  }
  LineageFinding finding;
  if (IsSamePublisher(derivative.name(), base.name)) {
    finding.verdict = LineageVerdict::kFits;
    finding.reason = "both are of one publisher, who may choose";
    return finding;
  }
  if (base.assessment->is_memory_only() || derivative.is_memory_only()) {
    return Undecidable("a licence of the two is known from memory alone");
  }
  const v1::Terms& of_base = LicenceTermsOf(*base.assessment);
  const v1::Terms& declared = LicenceTermsOf(derivative);
  if (!IsKnown(of_base)) return Undecidable("nothing is known of the base's terms");
  if (!IsKnown(declared)) return Undecidable("nothing is known of the derivative's terms");
  const v1::Terms required = Required(table, *base.assessment, base.relation);
  FindGaps(table, required, declared, base.relation, finding);
  if (!finding.scenarios.empty()) {
    finding.verdict = LineageVerdict::kLooser;
    finding.reason = absl::StrFormat("%s declares less than %s of its base %s requires",
                                     LicenceOf(derivative), LicenceOf(*base.assessment), base.name);
  } else if (AddsRestrictions(table, of_base, declared)) {
    finding.verdict = LineageVerdict::kAddsRestrictions;
    finding.reason = absl::StrFormat("%s restricts what %s keeps free", LicenceOf(derivative),
                                     LicenceOf(*base.assessment));
  } else {
    const bool is_certain = std::all_of(
        required.outcomes().begin(), required.outcomes().end(), [&](const v1::Outcome& outcome) {
          return IntervalOf(declared, outcome.scenario()).low() >= outcome.interval().high() ||
                 outcome.interval().high() == kFree;
        });
    finding.verdict = is_certain ? LineageVerdict::kFits : LineageVerdict::kUndecidable;
    finding.reason = is_certain ? "declares all that its base requires"
                                : "the terms of the two are not known well enough";
  }
  return finding;
}

std::optional<v1::Event> LaunderingEvent(const TermsTable& table, const v1::Assessment& derivative,
                                         std::span<const Base> bases) {
  const Base* worst = nullptr;
  LineageFinding against;
  for (const Base& base : bases) {
    LineageFinding finding = CompareWithBase(table, derivative, base);
    if (finding.verdict != LineageVerdict::kLooser || finding.gap <= against.gap) continue;
    worst = &base;
    against = std::move(finding);
  }
  if (worst == nullptr) return std::nullopt;
  v1::Event event;
  event.set_id("E10");
  event.set_text(against.reason);
  event.mutable_scenarios()->Assign(against.scenarios.begin(), against.scenarios.end());
  *event.mutable_other() = worst->assessment->key();
  event.set_other_name(worst->name);
  const v1::Terms required = Required(table, *worst->assessment, worst->relation);
  const v1::Outcome* first = FindOutcome(required, against.scenarios.front());
  if (first != nullptr) *event.mutable_because() = first->because();
  return event;
}

std::optional<v1::Event> FanOutEvent(const v1::Assessment& base, uint64_t derivatives) {
  const v1::Shift& shift = base.shift();
  const bool is_of_licence = shift.kind() == v1::SWAP || shift.kind() == v1::EDIT;
  if (derivatives == 0 || !is_of_licence) return std::nullopt;
  v1::Event event;
  for (const v1::Move& move : shift.lost()) {
    if (move.to().low() < kNeedsLicence) continue;  // duties do not reach a derivative
    if (event.scenarios().empty()) *event.mutable_because() = move.because();
    event.add_scenarios(move.scenario());
  }
  if (event.scenarios().empty()) return std::nullopt;
  event.set_id("E11");
  event.set_derivatives(derivatives);
  event.set_text(absl::StrFormat("its terms became tighter; %d release%s made from it", derivatives,
                                 derivatives == 1 ? " is" : "s are"));
  return event;
}

}  // namespace modelwatch::evaluator
