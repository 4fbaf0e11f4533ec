// SPDX-License-Identifier: Apache-2.0
// Terms of a text, and the move from one text to another.
//
// A text that is EXACTLY a known licence has that licence's terms. Any other text is read clause by
// clause (clauses.h); what is not understood widens the interval and never becomes free.
#pragma once

#include <string>
#include <string_view>

#include "evaluator/license/matcher.h"
#include "evaluator/terms/terms_table.h"
#include "modelwatch/v1/assessment.pb.h"

namespace modelwatch::evaluator {

// Both must outlive this.
struct Judge {
  const Matcher* matcher = nullptr;
  const TermsTable* table = nullptr;
};

struct TextTerms {
  v1::Finding finding;
  v1::Terms terms;
  v1::Dimensions dimensions;    // as far as known: parameters such as scale_mau and regions
  bool is_memory_only = false;  // rests on a row that nobody verified
};

// Terms of a text that somebody holds to be terms: clauses count also where the text is too short
// to be told for a licence (status NONE). Error pages, binaries and the like stay unknown.
[[nodiscard]] TextTerms TermsOfText(const Judge& judge, std::string_view text);

// Terms for a finding already made of `text`.
[[nodiscard]] TextTerms TermsOfFinding(const Judge& judge, v1::Finding finding,
                                       std::string_view text);

// Whether TermsOfFinding has to read the text: not when it is a known licence as it stands, nor
// when it holds none.
[[nodiscard]] bool NeedsText(const Judge& judge, const v1::Finding& finding);

// From one licence text to another: known licences by their terms, edited texts clause by clause on
// what differs between the two, so that a silent edit is seen and a reflow, a year or a filled
// template is COSMETIC. `lost` and `gained` carry the words that caused them. Versions are unset.
[[nodiscard]] v1::Shift CompareTexts(const Judge& judge, std::string_view then,
                                     std::string_view now);
// The same for findings already made of the texts.
struct IdentifiedText {
  const v1::Finding& finding;
  std::string_view text;
};
[[nodiscard]] v1::Shift CompareTexts(const Judge& judge, const IdentifiedText& then,
                                     const IdentifiedText& now);

}  // namespace modelwatch::evaluator
