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

// True when the words are in the licence's own vocabulary: used to tell a licence from other prose.
[[nodiscard]] bool IsLegalWord(std::string_view word);

// A hunk of base -> text, judged.
struct ResidueHunk {
  Hunk hunk;  // a = base tokens, b = text tokens
  bool is_neutral = false;
  bool is_missing_neutral = false;  // what the text lacks does not count, whatever was added
};

// Judges every hunk. `base` and `text` are whole streams; `hunks` is their difference.
[[nodiscard]] std::vector<ResidueHunk> JudgeResidue(std::span<const Token> base,
                                                    std::span<const Token> text,
                                                    const std::vector<Hunk>& hunks);

}  // namespace modelwatch::evaluator
