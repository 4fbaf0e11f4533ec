// SPDX-License-Identifier: Apache-2.0
#include "evaluator/openness/eu_ai_act.h"

#include "evaluator/openness/criteria.h"

namespace modelwatch::evaluator {
namespace {

constexpr char kFramework[] = "eu-ai-act";

struct Row {
  const char* id;
  const char* title;
};
// What the licence alone decides.
constexpr Row kOfLicence[] = {
    {"EU1", "access, use, modification and redistribution are all granted (78)"},
    {"EU2", "access is free to anyone (79)"},
    {"EU3", "use is not restricted beyond attribution and share-alike (80)"},
    {"EU4", "derivatives may be licensed by the recipient (82)"},
    {"EU5", "none of the disqualifying terms (83)"},
    {"EU6", "use-based restrictions are safety-oriented and proportionate (84)"},
    {"EU7", "the model is not monetised (86)"},
    {"EU8", "access does not cost personal data (87)"}};

// Without an objection to a criterion the licence grants it, where the licence is known.
v1::Answer WithoutObjection(const LicenceOpinion& opinion) {
  const bool is_known = opinion.answer != v1::NOT_KNOWN;
  return is_known ? v1::YES : v1::NOT_KNOWN;
}

void Lower(v1::CriterionResult& result, v1::Answer answer, const char* text, const char* clause) {
  if (Weaker(result.answer(), answer) == result.answer()) return;
  result.set_answer(answer);
  result.set_text(text);
  result.add_because()->set_clause(clause);
}

void AddAccess(const Exhibit& exhibit, v1::FrameworkVerdict& verdict) {
  v1::CriterionResult& access = *verdict.mutable_criteria(1);    // EU2
  v1::CriterionResult& personal = *verdict.mutable_criteria(7);  // EU8
  if (IsOutOfReach(exhibit.access)) {
    Lower(access, v1::NO, "the release is removed, disabled or private", "access");
  }
  if (exhibit.excludes_eu) {
    Lower(access, v1::NO, "the gate shuts out users in the European Union", "gate.region");
  }
  if (exhibit.access.gate() == v1::MANUAL) {
    Lower(access, v1::NO, "the publisher approves each user", "gate.manual");
  }
  if (exhibit.access.gate() == v1::MANUAL || exhibit.access.gate() == v1::AUTO) {
    Lower(personal, v1::MAYBE, "the gate passes the user's name and address to the publisher",
          "gate");
  }
}

void AddRiders(const Exhibit& exhibit, v1::FrameworkVerdict& verdict) {
  if (!exhibit.riders.empty()) {
    v1::CriterionResult& use = *verdict.mutable_criteria(2);  // EU3
    Lower(use, v1::NO, "words beside the licence restrict use", "rider");
    for (const v1::Because& because : exhibit.riders) *use.add_because() = because;
  }
  if (!exhibit.policies.empty()) {
    v1::CriterionResult& safety = *verdict.mutable_criteria(5);  // EU6
    Lower(safety, v1::MAYBE, "a use policy is attached", "use_policy");
    for (const v1::Because& because : exhibit.policies) *safety.add_because() = because;
  }
}

// EU9: parameters, architecture and information on use, publicly.
void AddPublication(const Exhibit& exhibit, v1::FrameworkVerdict& verdict) {
  const struct {
    const char* what;
    v1::Part part;
  } needed[] = {{"weights", v1::FINAL_PARAMETERS},
                {"architecture", v1::MODEL_ARCHITECTURE},
                {"capabilities and uses", v1::CARD_USES},
                {"limits", v1::CARD_LIMITS},
                {"how it is run", v1::INFERENCE_CODE}};
  v1::Answer answer = v1::YES;
  std::string lacking;
  v1::CriterionResult& result = AddCriterion(
      verdict, "EU9", "weights, architecture and usage are public (90 to 92)", v1::NOT_KNOWN, "");
  for (const auto& [what, part] : needed) {
    const ShownPart& shown = exhibit.part(part);
    const bool is_gone = part == v1::FINAL_PARAMETERS && exhibit.has_file_list;
    answer = Weaker(answer, shown.answer != v1::YES && is_gone ? v1::NO : shown.answer);
    if (shown.answer != v1::YES)
      lacking += (lacking.empty() ? "not seen: " : ", ") + std::string(what);
    if (!shown.because.empty()) *result.add_because() = shown.because.front();
  }
  result.set_answer(answer);
  result.set_text(lacking.empty() ? "all are shown" : lacking);
}

}  // namespace

v1::FrameworkVerdict JudgeEuAiAct(const TermsTable& table, const Exhibit& exhibit) {
  v1::FrameworkVerdict verdict;
  verdict.set_framework(kFramework);
  const LicenceOpinion opinion = OpinionOf(table, kFramework, exhibit.weights);
  for (const Row& row : kOfLicence) {
    v1::CriterionResult& result =
        AddCriterion(verdict, row.id, row.title, v1::NOT_KNOWN,
                     opinion.text.empty() ? StandsUnder(exhibit.weights) : opinion.text);
    result.set_answer(CiteObjections(opinion, row.id, result, WithoutObjection(opinion)));
  }
  AddAccess(exhibit, verdict);
  AddRiders(exhibit, verdict);
  AddPublication(exhibit, verdict);
  verdict.set_answer(WeakestOf(verdict));
  verdict.set_verdict(verdict.answer() == v1::YES     ? "indicators met"
                      : verdict.answer() == v1::NO    ? "indicators not met"
                      : verdict.answer() == v1::MAYBE ? "depends on the reading"
                                                      : "not known");
  return verdict;
}

}  // namespace modelwatch::evaluator
