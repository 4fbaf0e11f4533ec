// SPDX-License-Identifier: Apache-2.0
#include "evaluator/openness/redhat.h"

#include <utility>

#include "absl/strings/str_format.h"
#include "evaluator/openness/criteria.h"

namespace modelwatch::evaluator {
namespace {

constexpr char kFramework[] = "redhat";

void AddWeights(const Exhibit& exhibit, v1::FrameworkVerdict& verdict) {
  v1::CriterionResult& result = AddPartCriterion(
      verdict, exhibit, "RH1", "the weights can be obtained", {v1::FINAL_PARAMETERS});
  if (IsOutOfReach(exhibit.access)) {
    result.set_answer(v1::NO);
    result.set_text("the release is removed, disabled or private");
  } else if (result.answer() != v1::YES && exhibit.has_file_list) {
    result.set_answer(v1::NO);
    result.set_text("none of the files holds weights");
  } else if (result.answer() != v1::YES) {
    result.set_text("the list of files was not seen");
  }
}

void AddText(const Exhibit& exhibit, v1::FrameworkVerdict& verdict) {
  const LicenceStanding& weights = exhibit.weights;
  const bool is_text =
      weights.status == v1::EXACT || (weights.status == v1::MODIFIED && weights.is_understood);
  const char* why = is_text                         ? "the licence text is in the release"
                    : weights.status == v1::MENTION ? "only named, no licence text was seen"
                    : weights.status == v1::NONE    ? "no licence text was seen"
                                                    : "the licence text is none that is known";
  AddCriterion(verdict, "RH2", "the licence of the weights is resolved to a text",
               is_text ? v1::YES : v1::NOT_KNOWN,
               absl::StrFormat("%s: %s", StandsUnder(weights), why));
}

v1::Answer AddLicence(const LicenceOpinion& opinion, const Exhibit& exhibit,
                      v1::FrameworkVerdict& verdict) {
  v1::CriterionResult& result =
      AddCriterion(verdict, "RH3", "the weights are under an open licence", opinion.answer,
                   opinion.text.empty() ? StandsUnder(exhibit.weights) : opinion.text);
  CiteObjections(opinion, "", result, opinion.answer);
  return opinion.answer;
}

void AddSoftware(const TermsTable& table, const Exhibit& exhibit, v1::FrameworkVerdict& verdict) {
  const ShownPart& custom = exhibit.part(v1::CUSTOM_CODE);
  const ShownPart& library = exhibit.part(v1::OPEN_LIBRARY);
  v1::CriterionResult& result =
      AddCriterion(verdict, "RH4", "the software needed to run it is open source", v1::NOT_KNOWN,
                   "what runs it was not seen");
  if (custom.answer == v1::YES) {
    result.set_answer(IsOsiApproved(table, exhibit.code));
    result.set_text(
        absl::StrFormat("needs code of the release, under %s", StandsUnder(exhibit.code)));
    for (const v1::Because& because : custom.because) *result.add_because() = because;
  } else if (library.answer == v1::YES) {
    result.set_answer(v1::YES);
    result.set_text("runs with an open source library");
    for (const v1::Because& because : library.because) *result.add_because() = because;
  }
}

void AddRiders(const Exhibit& exhibit, v1::FrameworkVerdict& verdict) {
  v1::CriterionResult& result =
      AddCriterion(verdict, "RH5", "nothing beside the licence narrows it", v1::YES,
                   "no gate, no use policy, no narrower words in the card");
  if (!exhibit.riders.empty()) {
    result.set_answer(v1::NO);
    result.set_text("terms beside the licence narrow it");
  } else if (exhibit.access.gate() == v1::MANUAL) {
    result.set_answer(v1::NO);
    result.set_text("the publisher approves each user");
  } else if (!exhibit.doubts.empty()) {
    result.set_answer(v1::NOT_KNOWN);
    result.set_text("another source names tighter terms than the licence text");
  } else if (!exhibit.policies.empty()) {
    result.set_answer(v1::MAYBE);
    result.set_text("a use policy is attached");
  } else if (exhibit.access.gate() == v1::AUTO) {
    result.set_answer(v1::MAYBE);
    result.set_text("users log in and agree before the hub serves the files");
  } else if (!exhibit.has_card) {
    result.set_answer(v1::NOT_KNOWN);
    result.set_text("the card was not read");
  }
  for (const auto* list : {&exhibit.riders, &exhibit.doubts, &exhibit.policies}) {
    for (const v1::Because& because : *list) *result.add_because() = because;
  }
}

void AddTransparency(const Exhibit& exhibit, v1::FrameworkVerdict& verdict) {
  v1::CriterionResult& result = AddPartCriterion(
      verdict, exhibit, "RH6", "data and training are told beyond the minimum",
      {v1::DATASETS, v1::DATA_CARD, v1::TRAINING_CODE, v1::TECHNICAL_REPORT, v1::RESEARCH_PAPER});
  result.set_is_advisory(true);
}

// Calling it open source over terms that are not.
bool AddClaim(const Exhibit& exhibit, v1::Answer licence, v1::FrameworkVerdict& verdict) {
  const ShownPart& claim = exhibit.part(v1::OPEN_SOURCE_CLAIM);
  const bool is_claimed = claim.answer == v1::YES;
  const v1::Answer answer = !is_claimed ? (exhibit.has_card ? v1::YES : v1::NOT_KNOWN) : licence;
  v1::CriterionResult& result =
      AddCriterion(verdict, "RH7", "it is called open source only if it is", answer,
                   is_claimed         ? "the card calls it open source"
                   : exhibit.has_card ? "the card does not call it open source"
                                      : "the card was not read");
  result.set_is_advisory(true);  // RH3 decides; this names the claim
  for (const v1::Because& because : claim.because) *result.add_because() = because;
  return is_claimed && licence == v1::NO;
}

bool IsOnlyDeclared(const v1::FrameworkVerdict& verdict, const LicenceStanding& weights) {
  if (weights.status != v1::MENTION) return false;
  for (const v1::CriterionResult& result : verdict.criteria()) {
    if (!result.is_advisory() && result.criterion() != "RH2" && result.answer() != v1::YES) {
      return false;
    }
  }
  return true;
}

}  // namespace

v1::FrameworkVerdict JudgeRedHat(const TermsTable& table, const Exhibit& exhibit) {
  v1::FrameworkVerdict verdict;
  verdict.set_framework(kFramework);
  AddWeights(exhibit, verdict);
  const bool is_closed = verdict.criteria(0).answer() == v1::NO;
  AddText(exhibit, verdict);
  const v1::Answer licence =
      AddLicence(OpinionOf(table, kFramework, exhibit.weights), exhibit, verdict);
  AddSoftware(table, exhibit, verdict);
  AddRiders(exhibit, verdict);
  AddTransparency(exhibit, verdict);
  // A rider defeats the licence: then nothing is left to call open.
  const bool is_washed = AddClaim(exhibit, exhibit.riders.empty() ? licence : v1::NO, verdict);
  verdict.set_answer(WeakestOf(verdict));
  verdict.set_verdict(
      is_closed                                  ? "closed"
      : is_washed                                ? "open washing"
      : verdict.answer() == v1::YES              ? "minimum met"
      : verdict.answer() == v1::NO               ? "minimum not met"
      : verdict.answer() == v1::MAYBE            ? "minimum met but for terms beside the licence"
      : IsOnlyDeclared(verdict, exhibit.weights) ? "met if the declared licence holds"
                                                 : "not known");
  return verdict;
}

}  // namespace modelwatch::evaluator
