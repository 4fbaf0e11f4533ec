// SPDX-License-Identifier: Apache-2.0
// One word for terms, for lists and charts; never a ground for a decision.
#pragma once

#include <string>

#include "modelwatch/v1/assessment.pb.h"
#include "modelwatch/v1/observation.pb.h"

namespace modelwatch::evaluator {

// "unavailable" when the release is gone; "noncommercial" when a small company may not use it
// without a licence; "unknown" when that cannot be told; "restricted" when some use or user is
// singled out; "copyleft" when derivatives are bound to the licence; else "permissive".
[[nodiscard]] std::string ClassOfTerms(const v1::Terms& licence_terms, const v1::Access& access);

}  // namespace modelwatch::evaluator
