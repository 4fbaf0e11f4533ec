// SPDX-License-Identifier: Apache-2.0
// What a text says beside the licences found in it.
//
// One-sided like the residue: a line is passed over only when it is known to say nothing (a
// copyright line, a heading, inert words, a line of program code). The rest is told.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "evaluator/license/tokens.h"

namespace modelwatch::evaluator {

// [begin, end) words of the text.
struct WordSpan {
  size_t begin = 0, end = 0;
};

// Paragraphs of words that no licence claims and that say something, in reading order. `claimed`
// has one byte a token, not 0 where a licence has the word. `text` is what the tokens were made of.
[[nodiscard]] std::vector<WordSpan> TellingRemainder(std::span<const Token> tokens,
                                                     std::span<const uint8_t> claimed,
                                                     std::string_view text);

// In order; spans that a few words keep apart are one: words of a sentence put in that the licence
// has too.
[[nodiscard]] std::vector<WordSpan> JoinNear(std::vector<WordSpan> spans);

// Whether a sentence may take a right away: it forbids, restricts, or says "not" of a use.
[[nodiscard]] bool Restricts(std::span<const Token> words);

}  // namespace modelwatch::evaluator
