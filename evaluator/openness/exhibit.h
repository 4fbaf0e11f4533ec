// SPDX-License-Identifier: Apache-2.0
// What a release shows of its parts, and under what they stand: the one shape that the frameworks
// judge, whether it was filled from a hub's observation or from a local directory.
//
//   Exhibit exhibit;
//   exhibit.has_file_list = true;
//   ShowFiles(paths, exhibit);          // file_parts.h
//   ShowCard(card, exhibit);            // card_parts.h
//   exhibit.weights = ...;              // from the assessment
//   auto verdicts = JudgeFrameworks(TermsTable::Builtin(), exhibit);   // frameworks.h
//
// Not being shown is no proof of absence: a part may be published elsewhere. A part is NO only
// where the release says so ("we do not release the training data"), or where someone who looked
// says so; the frameworks take weights for missing where the list of files is whole.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "modelwatch/v1/assessment.pb.h"
#include "modelwatch/v1/observation.pb.h"
#include "modelwatch/v1/openness.pb.h"

namespace modelwatch::evaluator {

struct ShownPart {
  v1::Answer answer = v1::NOT_KNOWN;
  std::vector<v1::Because> because;  // at most kMaxShown, the first ones
};

// Under what a part of the release stands.
struct LicenceStanding {
  std::string expression;  // SPDX expression; empty when none is known
  std::string licence;     // id when it is one known licence, or the base of an edited one
  v1::FindingStatus status = v1::NONE;  // of the finding it rests on; MENTION: only named
  v1::Dimensions dimensions;            // as far as its words are read
  bool is_understood = false;           // nothing in the words is left open
  bool is_stated = false;               // some licence is given, even "other"
  std::string text;                     // one clause for people: "LICENSE, EXACT"
};

struct Exhibit {
  std::array<ShownPart, v1::Part_ARRAYSIZE> parts;  // by v1::Part
  bool has_file_list = false;  // all files of the release were seen, not only cards and licences
  bool has_card = false;       // the text of the card was read
  LicenceStanding weights;
  LicenceStanding code;  // of the software; as the weights where the release tells no more
  v1::Access access;
  bool excludes_eu = false;
  std::vector<v1::Because> riders;    // terms beside the licence: card, gate prompt
  std::vector<v1::Because> doubts;    // sources that name tighter terms than the text
  std::vector<v1::Because> policies;  // use policies that are attached

  [[nodiscard]] const ShownPart& part(v1::Part part) const {
    return parts[static_cast<size_t>(part)];
  }
};

inline constexpr size_t kMaxShown = 3;

// The stronger answer stands, YES over MAYBE over NO over NOT_KNOWN; reasons of the same answer add
// up.
void Show(Exhibit& exhibit, v1::Part part, v1::Answer answer, v1::Because because);

}  // namespace modelwatch::evaluator
