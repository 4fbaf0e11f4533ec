// SPDX-License-Identifier: Apache-2.0
// Words that can carry a permission, a duty or a ban, as data.
#pragma once

#include <string>

namespace modelwatch::evaluator {

// True for words that speak of terms wherever they stand, and for every word in a script that the
// lists do not cover. Digits that stand for letters ("c0mmerc1al") are read as those.
[[nodiscard]] bool SpeaksOfTerms(const std::string& word);

// True for words that limit something when they stand in a sentence, and are plain names in a
// heading or a holder's name: "seats", "until", "private". The common words of other languages for
// "only", "without", "for" and "use" are among them: a sentence in a language that is not read
// never says nothing.
[[nodiscard]] bool LimitsInProse(const std::string& word);

// True for the words of lines that stand beside licences and say nothing: who wrote it, where it
// is, when it was changed, what it is part of. Numbers and months among them.
[[nodiscard]] bool IsPlainWord(const std::string& word);

}  // namespace modelwatch::evaluator
