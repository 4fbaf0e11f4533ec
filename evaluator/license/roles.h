// SPDX-License-Identifier: Apache-2.0
// What each licence found is doing in its text, and what it covers.
//
// Roles come from what kind of evidence a licence has (a text or a mention), from what stands
// around it (cues.h) and from the parameters of licences that have such (parameters.h). A role
// never makes terms looser than the text states: two texts become a choice only where the file
// says so, and what others own stays in the expression.
#pragma once

#include <string_view>
#include <vector>

#include "evaluator/license/corpus.h"
#include "evaluator/license/found.h"
#include "evaluator/license/tokens.h"
#include "modelwatch/v1/assessment.pb.h"

namespace modelwatch::evaluator {

// Sets role and scope of `finding.licences`, which must be those of `found` (its tags, then its
// detections, each with the licences of its expression, cut at any length); and the expression,
// where a choice, an exception or a licence of the future changes what the licences together mean.
// `tokens` are Tokenise(text). Which licences are listed and every status stay as they are.
void AssignRoles(const Corpus& corpus, std::string_view text, const std::vector<Token>& tokens,
                 const Found& found, v1::Finding& finding);

// Adds the licence that a text of `found` grants from a later day on (FSL, FCL), as CHANGE_LICENCE:
// it is not in force, and no part of the expression. After AssignRoles.
void AddFutureLicences(const Corpus& corpus, const std::vector<Token>& tokens, const Found& found,
                       v1::Finding& finding);

}  // namespace modelwatch::evaluator
