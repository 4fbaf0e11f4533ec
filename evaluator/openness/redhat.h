// SPDX-License-Identifier: Apache-2.0
// Red Hat's minimum for open source AI: open source-licensed model weights and open source software
// components. Criteria RH1 to RH7 of docs/openness.md; RH6 is advisory.
// Source: Red Hat, "Open source AI: Red Hat's point of view" (2025).
#pragma once

#include "evaluator/openness/exhibit.h"
#include "evaluator/terms/terms_table.h"

namespace modelwatch::evaluator {

// `verdict`: "minimum met", "minimum not met", "open washing" (not met, yet called open source),
// "closed" (the weights are out of reach), "met if the declared licence holds", "not known".
[[nodiscard]] v1::FrameworkVerdict JudgeRedHat(const TermsTable& table, const Exhibit& exhibit);

}  // namespace modelwatch::evaluator
