// SPDX-License-Identifier: Apache-2.0
// Hashed runs of words, and a sample of them that two texts with a passage in common share.
//
// Computed on the words alone, so that the hashes hold for any corpus. DO NOT CHANGE what they
// give: the rows of fingerprints.textproto hold it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "evaluator/license/tokens.h"

namespace modelwatch::evaluator {

// A run of this many words is hashed. Shorter runs are the common stock of all licences; longer
// ones break too often at each edit.
inline constexpr size_t kGramWords = 5;
// Of each window of this many runs the least hash is kept (winnowing: Schleimer, Wilkerson, Aiken,
// SIGMOD 2003): two texts that share kGramWords + kGramWindow - 1 = 20 words in a row share a kept
// hash, and about 2 / 17 of all are kept, 190 for a text of 10 KB.
inline constexpr size_t kGramWindow = 16;
// One hash a word, of the tokens without any of the marks `outside`.
[[nodiscard]] std::vector<uint64_t> WordHashes(std::span<const Token> tokens, uint8_t outside);

// One hash a run of kGramWords words, in order of the text; none for a shorter text.
[[nodiscard]] std::vector<uint64_t> GramHashes(std::span<const uint64_t> words);

// The least of each window of kGramWindow hashes, in order of the text, some of them twice; a
// shorter text keeps its least.
[[nodiscard]] std::vector<uint64_t> Winnow(const std::vector<uint64_t>& grams);

// Ascending, each once.
void SortOnce(std::vector<uint64_t>& grams);

}  // namespace modelwatch::evaluator
