// SPDX-License-Identifier: Apache-2.0
// Every framework's verdict on what a release shows, side by side. Indicators with evidence, never
// legal advice. docs/openness.md has the rules, their sources and how well they do.
#pragma once

#include <vector>

#include "evaluator/openness/exhibit.h"
#include "evaluator/terms/terms_table.h"

namespace modelwatch::evaluator {

// In this order: redhat, osaid, mof, eu-ai-act. Pure.
[[nodiscard]] std::vector<v1::FrameworkVerdict> JudgeFrameworks(const TermsTable& table,
                                                                const Exhibit& exhibit);

}  // namespace modelwatch::evaluator
