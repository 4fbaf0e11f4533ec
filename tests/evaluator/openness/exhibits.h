// SPDX-License-Identifier: Apache-2.0
// Exhibits for the tests of the frameworks.
#pragma once

#include <string>

#include "evaluator/openness/exhibit.h"
#include "evaluator/terms/terms_table.h"

namespace modelwatch::evaluator {

// Under a licence of the terms table, as a text that is exactly that.
inline LicenceStanding Under(const std::string& licence, v1::FindingStatus status = v1::EXACT) {
  LicenceStanding standing;
  standing.expression = licence;
  standing.licence = licence;
  standing.status = status;
  standing.is_stated = true;
  standing.is_understood = true;
  const v1::LicenceTerms* row = TermsTable::Builtin().Find(licence);
  if (row != nullptr) standing.dimensions = row->dimensions();
  return standing;
}

inline v1::Because Cause(const char* path) {
  v1::Because because;
  because.set_path(path);
  return because;
}

// Everything is there, open, and under `licence`.
inline Exhibit FullRelease(const std::string& licence) {
  Exhibit exhibit;
  for (int part = 1; part <= v1::MODEL_METADATA; ++part) {
    Show(exhibit, static_cast<v1::Part>(part), v1::YES, Cause("README.md"));
  }
  for (const v1::Part part : {v1::OPEN_LIBRARY, v1::CARD_USES, v1::CARD_LIMITS}) {
    Show(exhibit, part, v1::YES, Cause("README.md"));
  }
  exhibit.has_file_list = true;
  exhibit.has_card = true;
  exhibit.access.set_presence(v1::PRESENT);
  exhibit.access.set_gate(v1::OPEN);
  exhibit.weights = Under(licence);
  exhibit.code = Under(licence);
  return exhibit;
}

inline void Hide(Exhibit& exhibit, v1::Part part, v1::Answer answer = v1::NOT_KNOWN) {
  exhibit.parts[static_cast<size_t>(part)] = {answer, {}};
}

inline const v1::CriterionResult& Criterion(const v1::FrameworkVerdict& verdict,
                                            const std::string& id) {
  static const v1::CriterionResult none;
  for (const v1::CriterionResult& result : verdict.criteria()) {
    if (result.criterion() == id) return result;
  }
  return none;
}

}  // namespace modelwatch::evaluator
