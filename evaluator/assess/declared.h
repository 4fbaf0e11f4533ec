// SPDX-License-Identifier: Apache-2.0
// What a release declares of its licence, judged: hub tags, card front matter, license_name.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evaluator/assess/assessor.h"
#include "evaluator/terms/terms_table.h"
#include "modelwatch/v1/assessment.pb.h"
#include "modelwatch/v1/observation.pb.h"

namespace modelwatch::evaluator {

struct DeclaredTerms {
  std::vector<v1::Finding> findings;  // one a value, in the order given; MENTION, FAMILY or NONE
  v1::Terms terms;                    // several values apply together; unknown when none is given
  std::string licence;                // id, when all values name one licence
  std::string expression;             // empty when some value is not known
  bool is_stated = false;             // some value is given, even "other"
  bool is_memory_only = false;
};

// What a card declares by itself, where no hub has read it for us: of a checkout, or of the past.
[[nodiscard]] v1::Declared DeclaredInCard(std::string_view card);

// `card` is the text of README.md, or empty; its front matter is read only when the hub did not
// parse it. An alias or the letter case of a value makes no difference.
[[nodiscard]] DeclaredTerms JudgeDeclared(const TermsTable& table, const v1::Declared& declared,
                                          std::string_view card);

// Of the header of a weights file, as the source GGUF_HEADER; not stated without one. A whole
// licence text in it names nothing: it is a value that no row knows.
[[nodiscard]] DeclaredTerms JudgeHeader(const TermsTable& table, const v1::Observation& seen,
                                        std::span<const FileText> files);

}  // namespace modelwatch::evaluator
