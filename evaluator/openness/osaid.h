// SPDX-License-Identifier: Apache-2.0
// The Open Source AI Definition 1.0: data information, code and parameters, each published under
// terms that OSI approves (for data information and parameters, open terms suffice).
// Source: Open Source Initiative, Open Source AI Definition 1.0, 28 October 2024.
#pragma once

#include "evaluator/openness/exhibit.h"
#include "evaluator/terms/terms_table.h"

namespace modelwatch::evaluator {

// `verdict`: "meets the definition", "would meet it under another licence" (all three are there,
// the terms fail), "does not meet it", "not known". Whether a skilled person could rebuild the
// system is not for a program to say: what is only described stays MAYBE.
[[nodiscard]] v1::FrameworkVerdict JudgeOsaid(const TermsTable& table, const Exhibit& exhibit);

}  // namespace modelwatch::evaluator
