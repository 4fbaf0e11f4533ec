// SPDX-License-Identifier: Apache-2.0
// Terms of a known licence's text in which sentences were changed: only what these sentences are
// about is open.
//
// A sentence that was changed bounds nothing any more of what it spoke of: what it banned may be
// free, what it permitted, lifted or defined may be taken away. What it says now is read. A
// sentence that only bound the user can take nothing away by going.
#pragma once

#include <optional>
#include <string_view>

#include "evaluator/terms/terms_table.h"
#include "modelwatch/v1/assessment.pb.h"
#include "modelwatch/v1/judging.pb.h"

namespace modelwatch::evaluator {

struct EditedTerms {
  v1::Terms terms;
  v1::Dimensions dimensions;  // as read: the base's, and what the changed sentences say
};

// `base_text` is the text that `base` stands for, `text` what became of it. Nothing when the two do
// not tell what was changed: they share too little, or no clause of them differs.
[[nodiscard]] std::optional<EditedTerms> TermsOfEdit(const TermsTable& table,
                                                     const v1::LicenceTerms& base,
                                                     std::string_view base_text,
                                                     std::string_view text);

}  // namespace modelwatch::evaluator
