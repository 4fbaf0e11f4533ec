// SPDX-License-Identifier: Apache-2.0
// The move between two assessments of a release.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "evaluator/terms/text_terms.h"
#include "modelwatch/v1/assessment.pb.h"

namespace modelwatch::evaluator {

// Content digests of the two licence texts that the terms rest on.
struct TextPair {
  std::string then_digest;
  std::string now_digest;
};

// Set when the two texts differ and at least one is not a known licence as it stands: then only the
// texts themselves tell the direction, and ShiftBetween wants them.
[[nodiscard]] std::optional<TextPair> TextsNeeded(const v1::Assessment& then,
                                                  const v1::Assessment& now);

// Texts for ShiftBetween; empty views when not needed or not to be had (then the intervals decide).
struct ShiftTexts {
  std::string_view then_text;
  std::string_view now_text;
  // Findings already made of them; null: made here.
  const v1::Finding* then_finding = nullptr;
  const v1::Finding* now_finding = nullptr;
};

// Direction, who lost what and why, kind. ACCESS when only gate or presence moved; SWAP when the
// licence is another; EDIT when the same licence name carries another text; COSMETIC when nothing
// moved. A release that was removed is compared by its licence terms when it is back. Access that
// moved is a loss or a gain by itself, also where the licence is unknown; its moves then carry what
// access alone asks for.
[[nodiscard]] v1::Shift ShiftBetween(const Judge& judge, const v1::Assessment& then,
                                     const v1::Assessment& now, const ShiftTexts& texts);

}  // namespace modelwatch::evaluator
