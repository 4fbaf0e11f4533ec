// SPDX-License-Identifier: Apache-2.0
// What a text has beyond a licence and what it lacks, and whether that matters.
//
// The rule is one-sided: words are neutral only when they are known to be (a copyright line, the
// title, a filled template blank, a line that speaks of nothing a licence speaks of). Everything
// else counts, in any language.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "evaluator/license/text_diff.h"
#include "evaluator/license/tokens.h"

namespace modelwatch::evaluator {

// True when the words say nothing that could permit, forbid or require: no modal verb, no word of
// use, money, field or consent, no script or language that the word list does not cover.
[[nodiscard]] bool IsInert(std::span<const Token> words);

// True when every word of a line is one that is known to say nothing (telling_words.h), an address
// or a name; one word in six may be another. A name has a capital, and not as the first of a
// sentence.
[[nodiscard]] bool IsPlain(std::span<const Token> words);

// True when the words may stand beside a licence without effect: copyright statements, inert words,
// and at the top of a text (`is_top`) a heading.
[[nodiscard]] bool SaysNothing(std::span<const Token> words, bool is_top);

// What a difference of these words weighs when siblings are told apart: much for words that carry
// terms, for numbers and for the words that licences are named by; little for the names of holders
// and products.
[[nodiscard]] size_t WeightOf(std::span<const Token> words);

// True when the words are in the licence's own vocabulary: used to tell a licence from other prose.
[[nodiscard]] bool IsLegalWord(std::string_view word);

// A hunk of base -> text, judged.
struct ResidueHunk {
  Hunk hunk;  // a = base words, b = text words
  bool is_neutral = false;
  bool is_missing_neutral = false;  // what the text lacks does not count, whatever was added
};

// `missing` are the hunk's words of the base; `text` is the whole stream that hunk.b_* count in.
[[nodiscard]] ResidueHunk JudgeHunk(std::span<const Token> missing, std::span<const Token> text,
                                    const Hunk& hunk);

// The same for every hunk between two whole streams.
[[nodiscard]] std::vector<ResidueHunk> JudgeResidue(std::span<const Token> base,
                                                    std::span<const Token> text,
                                                    const std::vector<Hunk>& hunks);

}  // namespace modelwatch::evaluator
