// SPDX-License-Identifier: Apache-2.0
// Whom a changed clause concerns: the dimensions that its subject belongs to.
#pragma once

#include <span>

#include "evaluator/terms/shift_judge.h"
#include "modelwatch/v1/judging.pb.h"

namespace modelwatch::evaluator {

// Raises in `dimensions` what the tighter side of `ground` has and the looser one lacks, as far as
// the words tell: those that came or went, else all of `clause`. False when they tell nothing.
bool RaiseByTopic(const Ground& ground, std::span<const ShiftWord> clause,
                  v1::Dimensions& dimensions);

}  // namespace modelwatch::evaluator
