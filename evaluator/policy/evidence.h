// SPDX-License-Identifier: Apache-2.0
// Where the two sides of an alert stood written.
#pragma once

#include "modelwatch/v1/alert.pb.h"
#include "modelwatch/v1/assessment.pb.h"
#include "modelwatch/v1/change.pb.h"

namespace modelwatch::evaluator {

// One side of a decision: the version, and what was concluded from it (with its shift).
struct Side {
  const v1::Version* version = nullptr;        // null: its revision stays unsaid
  const v1::Assessment* assessment = nullptr;  // required
};

// What the terms of a side rest on: licence, access, and the text or the declaration.
[[nodiscard]] v1::Evidence EvidenceOf(const Side& side);

// Adds the words that caused the first loss, when they stand in the text.
void CiteLoss(const v1::Shift& shift, v1::Evidence& evidence);

}  // namespace modelwatch::evaluator
