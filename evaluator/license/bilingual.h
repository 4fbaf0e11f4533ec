// SPDX-License-Identifier: Apache-2.0
// Texts in two languages, one in ideographs and one in Latin letters: the same licence twice, one
// half after the other or clause by clause. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "modelwatch/v1/assessment.pb.h"

namespace modelwatch::evaluator {

// One language of a text each. Lines stand where they stood: the other language's are empty, so
// that a line number means the same in both and in the text.
struct LanguageHalves {
  std::string ideographic, latin;
};

// The halves of a text that has a good part of its words in each; nothing for other texts. Every
// line is in exactly one half, so nothing is lost: what is not mostly ideographs, another script
// too, is in the Latin one. Linear; `text` is UTF-8, bad bytes allowed.
[[nodiscard]] std::optional<LanguageHalves> SplitLanguages(std::string_view text);

// The licence that a finding is of, or a version of; empty for several, or none.
[[nodiscard]] const std::string& LicenceOrBase(const v1::Finding& finding);

// The one finding of a text whose halves are findings of one licence: EXACT when both are EXACT, so
// that a clause of one language alone is told as it would be in a text of its own; else what either
// says beyond the licence, or lacks, together. Nothing when the halves are not of one licence.
[[nodiscard]] std::optional<v1::Finding> JoinHalves(const v1::Finding& ideographic,
                                                    const v1::Finding& latin);

// The same for a text that was found to be one licence, whole, in each of its halves.
void JoinEntries(v1::Finding& finding);

}  // namespace modelwatch::evaluator
