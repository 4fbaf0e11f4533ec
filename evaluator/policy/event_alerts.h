// SPDX-License-Identifier: Apache-2.0
// Events of an assessment as alerts: which are news, which rule is theirs, when one is over.
#pragma once

#include "evaluator/policy/evidence.h"
#include "modelwatch/v1/alert.pb.h"
#include "modelwatch/v1/assessment.pb.h"
#include "modelwatch/v1/judging.pb.h"

namespace modelwatch::evaluator {

// The first rule that matches; null when none does, or when that one mutes.
[[nodiscard]] const v1::PolicyRule* EventRule(const v1::PolicyRuleTable& rules,
                                              const v1::Event& event, const v1::Assessment& now);

// Whether the version before does not make it old; `then` null: first sight.
[[nodiscard]] bool IsNews(const v1::Event& event, const Side* then);

// Whether what waited to be told of it has come to an end by now.
[[nodiscard]] bool IsOver(const v1::Event& event, const v1::Assessment& now);

// Whether the alert of the same version's shift says it already.
[[nodiscard]] bool IsToldByShift(const v1::Event& event);

// `then` null: first sight; then the alert has no `before`.
[[nodiscard]] v1::Alert MakeEventAlert(const v1::PolicyRule& rule, const v1::Event& event,
                                       const Side* then, const Side& now);

}  // namespace modelwatch::evaluator
