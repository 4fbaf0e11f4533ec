// SPDX-License-Identifier: Apache-2.0
// What a framework holds of the licence that a part stands under.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "evaluator/openness/exhibit.h"
#include "evaluator/terms/terms_table.h"

namespace modelwatch::evaluator {

struct Objection {
  const v1::LicenceObjection* row = nullptr;
  std::string licence;
};

struct LicenceOpinion {
  // YES, or the worst of the objections; NOT_KNOWN where the licence, or what its words add, is not
  // known. Objections of a text that is only partly understood count all the same.
  v1::Answer answer = v1::NOT_KNOWN;
  std::vector<Objection> objections;  // each row once, in the order of the table
  bool is_unrecognised = false;       // no objection, but no licence that the framework accepts
  std::string text;                   // why, one clause, where there is no objection to tell
};

// `framework` as in openness.textproto. Where the framework has a list of accepted licences only
// those, OSI-approved and FSF-libre ones pass. AND: all must pass; OR: the best alternative counts.
[[nodiscard]] LicenceOpinion OpinionOf(const TermsTable& table, std::string_view framework,
                                       const LicenceStanding& standing);

// Of one row of the terms table.
[[nodiscard]] LicenceOpinion OpinionOf(std::string_view framework, const v1::LicenceTerms& row);

// Whether `licence` is on the framework's own list of accepted licences.
[[nodiscard]] bool IsAccepted(std::string_view framework, std::string_view licence);

// Whether every licence of the standing's expression, or one alternative, is OSI-approved.
[[nodiscard]] v1::Answer IsOsiApproved(const TermsTable& table, const LicenceStanding& standing);

// NO < NOT_KNOWN < MAYBE < YES: all must hold, or one suffices.
[[nodiscard]] v1::Answer Weaker(v1::Answer left, v1::Answer right);
[[nodiscard]] v1::Answer Stronger(v1::Answer left, v1::Answer right);

}  // namespace modelwatch::evaluator
