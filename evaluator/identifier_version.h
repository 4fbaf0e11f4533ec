// SPDX-License-Identifier: Apache-2.0
// What a finding of a text rests on: the corpus and the matcher.
#pragma once

#include <string>

namespace modelwatch::evaluator {

class Corpus;

// Over every source and data file of evaluator/license, taken when the program is built: 16 hex
// digits. A version number that a person must raise would be forgotten once, and the memo would
// then give the findings of another matcher as ours.
extern const char kMatcherDigest[];

// Corpus version + matcher digest: findings filed under it are those that Matcher::Identify would
// give now. Licence terms play no part, so that new terms cost no classification.
[[nodiscard]] std::string IdentifierVersion(const Corpus& corpus);

}  // namespace modelwatch::evaluator
