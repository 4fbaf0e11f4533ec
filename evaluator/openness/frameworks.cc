// SPDX-License-Identifier: Apache-2.0
#include "evaluator/openness/frameworks.h"

#include "evaluator/openness/eu_ai_act.h"
#include "evaluator/openness/mof.h"
#include "evaluator/openness/osaid.h"
#include "evaluator/openness/redhat.h"

namespace modelwatch::evaluator {

std::vector<v1::FrameworkVerdict> JudgeFrameworks(const TermsTable& table, const Exhibit& exhibit) {
  return {JudgeRedHat(table, exhibit), JudgeOsaid(table, exhibit), JudgeMof(table, exhibit),
          JudgeEuAiAct(table, exhibit)};
}

}  // namespace modelwatch::evaluator
