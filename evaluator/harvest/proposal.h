// SPDX-License-Identifier: Apache-2.0
// What a found text would be called, and whether it is promoted to a reference. Pure.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "evaluator/harvest/candidate.h"
#include "evaluator/license/tokens.h"
#include "modelwatch/v1/harvest.pb.h"

namespace modelwatch::evaluator {

// The embedded rules; and those of a textproto. INVALID_ARGUMENT: it does not parse, or a rule has
// no id.
[[nodiscard]] const v1::PromotionRules& BuiltinPromotionRules();
[[nodiscard]] absl::StatusOr<v1::PromotionRules> ParsePromotionRules(std::string_view textproto);

// Sets publisher, the two signs, name, version, key (not made unique yet), rule and verdict.
// `is_known` says whether a licence name is that of a licence we know.
void Propose(std::span<const Token> text, const v1::PromotionRules& rules,
             const std::function<bool(std::string_view)>& is_known, Candidate& candidate);

// The licence file that `corpus build` accepts: a header with key, name and where it is from, then
// the text. Whatever the names hold, the header stays what it is.
[[nodiscard]] std::string PromotedFile(const Candidate& candidate);

}  // namespace modelwatch::evaluator
