// SPDX-License-Identifier: Apache-2.0
#include "evaluator/openness/criteria.h"

#include <utility>

#include "absl/strings/str_format.h"

namespace modelwatch::evaluator {

v1::CriterionResult& AddCriterion(v1::FrameworkVerdict& verdict, std::string_view id,
                                  std::string_view title, v1::Answer answer, std::string text) {
  v1::CriterionResult& result = *verdict.add_criteria();
  result.set_criterion(std::string(id));
  result.set_title(std::string(title));
  result.set_answer(answer);
  result.set_text(std::move(text));
  return result;
}

v1::CriterionResult& AddPartCriterion(v1::FrameworkVerdict& verdict, const Exhibit& exhibit,
                                      std::string_view id, std::string_view title,
                                      std::initializer_list<v1::Part> parts) {
  const ShownPart* best = nullptr;
  for (const v1::Part part : parts) {
    const ShownPart& shown = exhibit.part(part);
    if (best == nullptr || Stronger(best->answer, shown.answer) != best->answer) best = &shown;
  }
  const char* text = best->answer == v1::YES     ? "shown"
                     : best->answer == v1::MAYBE ? "hinted at"
                     : best->answer == v1::NO    ? "said not to be published"
                                                 : "nothing seen shows it";
  v1::CriterionResult& result = AddCriterion(verdict, id, title, best->answer, text);
  for (const v1::Because& because : best->because) *result.add_because() = because;
  return result;
}

v1::Answer CiteObjections(const LicenceOpinion& opinion, std::string_view criterion,
                          v1::CriterionResult& result, v1::Answer none) {
  v1::Answer worst = none;
  std::string text;
  for (const Objection& objection : opinion.objections) {
    if (!criterion.empty() && objection.row->criterion() != criterion) continue;
    v1::Because& because = *result.add_because();
    because.set_clause(objection.row->id());
    because.set_text(objection.row->reason());
    because.set_licence(objection.licence);
    text += (text.empty() ? "" : "; ") + objection.row->reason();
    worst = Weaker(worst, objection.row->answer());
  }
  if (!text.empty()) result.set_text(std::move(text));
  return worst;
}

v1::Answer WeakestOf(const v1::FrameworkVerdict& verdict) {
  v1::Answer weakest = v1::YES;
  for (const v1::CriterionResult& result : verdict.criteria()) {
    if (!result.is_advisory()) weakest = Weaker(weakest, result.answer());
  }
  return weakest;
}

std::string StandsUnder(const LicenceStanding& standing) {
  const std::string& name = standing.expression.empty() ? standing.licence : standing.expression;
  if (name.empty()) return standing.is_stated ? "a licence that is not known" : "no stated licence";
  return standing.text.empty() ? name : absl::StrFormat("%s (%s)", name, standing.text);
}

bool IsOutOfReach(const v1::Access& access) {
  return access.presence() == v1::REMOVED || access.presence() == v1::DISABLED ||
         access.is_private();
}

}  // namespace modelwatch::evaluator
