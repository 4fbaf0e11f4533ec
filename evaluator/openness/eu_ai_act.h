// SPDX-License-Identifier: Apache-2.0
// Indicators for "free and open-source licence" in Articles 53(2) and 54(6) of the EU AI Act, EU1
// to EU9 of docs/openness.md. An indicator: the exemption also depends on what no release shows, a
// systemic risk above all, and leaves the duties of Article 53(1)(c) and (d).
// Source: European Commission, Guidelines on the scope of the obligations for general-purpose AI
// models, 18 July 2025, paragraphs 76 to 92.
#pragma once

#include "evaluator/openness/exhibit.h"
#include "evaluator/terms/terms_table.h"

namespace modelwatch::evaluator {

// `verdict`: "indicators met", "indicators not met", "depends on the reading", "not known".
[[nodiscard]] v1::FrameworkVerdict JudgeEuAiAct(const TermsTable& table, const Exhibit& exhibit);

}  // namespace modelwatch::evaluator
