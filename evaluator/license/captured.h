// SPDX-License-Identifier: Apache-2.0
// The values that a publisher put into a licence: holder and year, filled template blanks,
// parameters, release dates, thresholds and territories.
#pragma once

#include <string_view>
#include <vector>

#include "evaluator/license/corpus.h"
#include "evaluator/license/found.h"
#include "evaluator/license/tokens.h"
#include "modelwatch/v1/assessment.pb.h"

namespace modelwatch::evaluator {

// Fills LicenceMatch.captured of the texts among `finding.licences`: each value as written, with
// its line, at the text whose lines hold it, else at the next text below, else at the last above.
// Names: version | date | holder | product | licensor | threshold | territory | field, and of
// parameters those of parameters.h. At most 32 a licence. What the licence's own text says
// ("MariaDB Corporation Ab" in BUSL-1.1) is not captured.
void CaptureFields(const Corpus& corpus, std::string_view text, const std::vector<Token>& tokens,
                   const Found& found, v1::Finding& finding);

// From the words alone: copyright lines, release dates, thresholds, territories, parameters.
[[nodiscard]] std::vector<v1::CapturedField> FieldsIn(std::string_view text,
                                                      const std::vector<Token>& tokens);

}  // namespace modelwatch::evaluator
