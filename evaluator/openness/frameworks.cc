// SPDX-License-Identifier: Apache-2.0
#include "evaluator/openness/frameworks.h"

#include "evaluator/openness/eu_ai_act.h"
#include "evaluator/openness/mof.h"
#include "evaluator/openness/osaid.h"
#include "evaluator/openness/redhat.h"

namespace modelwatch::evaluator {

std::vector<v1::FrameworkVerdict> JudgeFrameworks(const TermsTable& table, const Exhibit& exhibit) {
  std::vector<v1::FrameworkVerdict> verdicts;  // a braced list would copy them
  verdicts.reserve(4);
  verdicts.push_back(JudgeRedHat(table, exhibit));
  verdicts.push_back(JudgeOsaid(table, exhibit));
  verdicts.push_back(JudgeMof(table, exhibit));
  verdicts.push_back(JudgeEuAiAct(table, exhibit));
  return verdicts;
}

}  // namespace modelwatch::evaluator
