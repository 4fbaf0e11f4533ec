// SPDX-License-Identifier: Apache-2.0
// The one line that a person reads of an alert.
#pragma once

#include <string>

#include "modelwatch/v1/assessment.pb.h"
#include "modelwatch/v1/judging.pb.h"
#include "modelwatch/v1/observation.pb.h"

namespace modelwatch::evaluator {

// "open", "gated (auto)", "gated (manual)", "removed", "disabled", "private".
[[nodiscard]] std::string AccessWord(const v1::Access& access);

// "Stable Cascade: MIT -> stability-nc: commercial use for companies of every size lost". For a
// change of access: "Llama: open -> gated (manual): open access lost". At most three uses are
// named.
[[nodiscard]] std::string AlertTitle(const v1::PolicyRuleTable& rules, const std::string& name,
                                     const v1::Shift& shift, const v1::Access& then,
                                     const v1::Access& now);

}  // namespace modelwatch::evaluator
