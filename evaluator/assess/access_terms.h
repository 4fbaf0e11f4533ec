// SPDX-License-Identifier: Apache-2.0
// Access is terms: what gate, presence and the gate's own words add to a licence.
#pragma once

#include <string>

#include "evaluator/terms/terms_table.h"
#include "modelwatch/v1/assessment.pb.h"
#include "modelwatch/v1/observation.pb.h"

namespace modelwatch::evaluator {

// Free everywhere for an open release. An automatic gate is a duty and a manual gate needs a
// licence for whoever has to fetch the weights; a clause of the gate's prompt and an excluded
// region count as a licence's would; removed, disabled and private prohibit everything.
[[nodiscard]] v1::Terms AccessTerms(const TermsTable& table, const v1::Access& access,
                                    const v1::Declared& declared);

// Whether access adds anything at all: AccessTerms is not free everywhere.
[[nodiscard]] bool HasAccessTerms(const v1::Access& access, const v1::Declared& declared);

// Same gate and presence; what is not said counts as open and present.
[[nodiscard]] bool IsSameAccess(const v1::Access& left, const v1::Access& right);

// REMOVED, DISABLED or private.
[[nodiscard]] bool IsGone(const v1::Access& access);

}  // namespace modelwatch::evaluator
