// SPDX-License-Identifier: Apache-2.0
// Names: of publishers as texts write them, of licences as keys and in headers. Pure; any input.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "evaluator/license/tokens.h"
#include "modelwatch/v1/harvest.pb.h"

namespace modelwatch::evaluator {

inline constexpr size_t kMaxKeyBytes = 80;

// Lower-case ASCII letters, digits, dots and single dashes; at most 80 bytes; any input. Empty when
// nothing of the input may stay.
[[nodiscard]] std::string KeyOf(std::string_view words);

// True when the words of an account name ("meta-llama", "01-ai", "stabilityai") stand in the text
// one after the other, joined or apart, with or without the account words that end it
// ("deepseek-ai"). A name of ordinary words, or of fewer than 3 letters and digits, is never found:
// it would be in any text.
[[nodiscard]] bool NamesPublisher(std::span<const Token> text, std::string_view publisher,
                                  const v1::PromotionRules& rules);

// How many of 1000 words are legal words; 0 for an empty text.
[[nodiscard]] uint32_t LegalWords(std::span<const Token> text, const v1::PromotionRules& rules);

// One line of UTF-8 without control characters, at most 200 bytes; what is no UTF-8 becomes U+FFFD.
[[nodiscard]] std::string CleanText(std::string_view text);

// The first line that has words, without markdown; empty when there is none.
[[nodiscard]] std::string TitleOf(std::string_view text);

// What follows the word "version" near the top, when it begins with a digit; else empty.
[[nodiscard]] std::string VersionIn(std::span<const Token> text);

}  // namespace modelwatch::evaluator
