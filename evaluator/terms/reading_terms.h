// SPDX-License-Identifier: Apache-2.0
// From what a text says to the interval of every scenario.
#pragma once

#include <string_view>

#include "evaluator/terms/clauses.h"
#include "evaluator/terms/terms_table.h"
#include "modelwatch/v1/assessment.pb.h"

namespace modelwatch::evaluator {

// What `reading` says of a licence by itself: low is the outcome of the least that it says, high
// that of the most. A right that no sentence permits is withheld as far as anyone can tell.
// `because` cites the sentences that bound the interval from below, then those that leave it open.
[[nodiscard]] v1::Terms TermsOfReading(const TermsTable& table, const Reading& reading);

// The same where `reading` is of words put into a text with `base` terms: what the base permits
// stands, and nothing of it is lifted.
[[nodiscard]] v1::Terms TermsOfAddition(const TermsTable& table, const v1::Dimensions& base,
                                        std::string_view licence, const Reading& reading);
// The same with the least and the most that `reading` holds, whatever they rest on.
[[nodiscard]] v1::Terms TermsBetween(const TermsTable& table, std::string_view licence,
                                     const Reading& reading);

// Opens every scenario from above: what changed words permitted may be gone. `reason` is cited.
void OpenUpwards(std::string_view reason, v1::Terms& terms);

}  // namespace modelwatch::evaluator
