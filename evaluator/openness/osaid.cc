// SPDX-License-Identifier: Apache-2.0
#include "evaluator/openness/osaid.h"

#include <utility>

#include "evaluator/openness/criteria.h"

namespace modelwatch::evaluator {
namespace {

v1::Answer PartsAnswer(const Exhibit& exhibit, std::initializer_list<v1::Part> parts) {
  v1::Answer answer = v1::NOT_KNOWN;
  for (const v1::Part part : parts) answer = Stronger(answer, exhibit.part(part).answer);
  return answer;
}

// The data itself tells all there is to tell about it; a description alone may fall short.
v1::Answer AddDataInformation(const Exhibit& exhibit, v1::FrameworkVerdict& verdict) {
  v1::CriterionResult& result =
      AddPartCriterion(verdict, exhibit, "osaid.data",
                       "data information: enough to build a substantially equivalent system",
                       {v1::DATASETS, v1::DATA_CARD});
  if (exhibit.part(v1::DATASETS).answer != v1::YES && result.answer() == v1::YES) {
    result.set_answer(v1::MAYBE);
    result.set_text("described; whether in enough detail is for a skilled person to say");
  }
  return result.answer();
}

v1::Answer AddCode(const Exhibit& exhibit, v1::FrameworkVerdict& verdict) {
  v1::CriterionResult& result = AddPartCriterion(
      verdict, exhibit, "osaid.code", "code to train and to run the system", {v1::TRAINING_CODE});
  const v1::Answer runs =
      PartsAnswer(exhibit, {v1::INFERENCE_CODE, v1::OPEN_LIBRARY, v1::MODEL_ARCHITECTURE});
  if (Weaker(result.answer(), runs) != result.answer()) {
    result.set_answer(runs);
    result.set_text("training code is shown, code to run it is not");
  }
  return result.answer();
}

v1::Answer AddParameters(const Exhibit& exhibit, v1::FrameworkVerdict& verdict) {
  v1::CriterionResult& result = AddPartCriterion(verdict, exhibit, "osaid.parameters",
                                                 "parameters: the weights", {v1::FINAL_PARAMETERS});
  const bool is_missing = exhibit.has_file_list && result.answer() != v1::YES;
  if (IsOutOfReach(exhibit.access) || is_missing) {
    result.set_answer(v1::NO);
    result.set_text("the weights are not there");
  }
  return result.answer();
}

// Open terms for the weights, an OSI-approved licence for the code.
v1::Answer AddTerms(const TermsTable& table, const Exhibit& exhibit,
                    v1::FrameworkVerdict& verdict) {
  const LicenceOpinion weights = OpinionOf(table, "redhat", exhibit.weights);
  v1::CriterionResult& result = AddCriterion(
      verdict, "osaid.terms", "free to use, study, modify and share for any purpose",
      weights.answer, weights.text.empty() ? StandsUnder(exhibit.weights) : weights.text);
  CiteObjections(weights, "", result, weights.answer);
  const bool narrows = !exhibit.riders.empty() || exhibit.access.gate() == v1::MANUAL;
  if (narrows) {
    result.set_answer(v1::NO);
    result.set_text("terms beside the licence narrow it");
    for (const v1::Because& because : exhibit.riders) *result.add_because() = because;
  }
  const v1::Answer code = IsOsiApproved(table, exhibit.code);
  if (Weaker(result.answer(), code) != result.answer()) {
    result.set_answer(code);
    result.set_text("code under " + StandsUnder(exhibit.code));
  }
  return result.answer();
}

std::string WordsFor(v1::Answer all, v1::Answer parts, v1::Answer terms) {
  if (all == v1::YES) return "meets the definition";
  if (parts == v1::YES && terms == v1::NO) return "would meet it under another licence";
  if (all == v1::NO) return "does not meet it";
  return all == v1::MAYBE ? "may meet the definition" : "not known";
}

}  // namespace

v1::FrameworkVerdict JudgeOsaid(const TermsTable& table, const Exhibit& exhibit) {
  v1::FrameworkVerdict verdict;
  verdict.set_framework("osaid");
  v1::Answer parts = AddDataInformation(exhibit, verdict);
  parts = Weaker(parts, AddCode(exhibit, verdict));
  parts = Weaker(parts, AddParameters(exhibit, verdict));
  const v1::Answer terms = AddTerms(table, exhibit, verdict);
  verdict.set_answer(WeakestOf(verdict));
  verdict.set_verdict(WordsFor(verdict.answer(), parts, terms));
  return verdict;
}

}  // namespace modelwatch::evaluator
