// SPDX-License-Identifier: Apache-2.0
// What the judging commands share: the corpus, the matcher, the terms.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "evaluator/terms/text_terms.h"

namespace modelwatch::cli {

// Owns what judging needs.
struct JudgeOwner {
  std::unique_ptr<evaluator::Corpus> corpus;
  std::unique_ptr<evaluator::Matcher> matcher;

  [[nodiscard]] evaluator::Judge judge() const {
    return {matcher.get(), &evaluator::TermsTable::Builtin()};
  }
};

[[nodiscard]] absl::StatusOr<JudgeOwner> LoadJudge(const std::string& corpus_path);

// A PATH, "-", or a licence: its text when there is one, else its expression.
struct Argument {
  bool is_text = false;
  std::string text;                  // is_text; UTF-8, whatever the file is in
  evaluator::Expression expression;  // else: a known licence, hub tag or SPDX expression
  std::string name;                  // as given
};

// A file of that name wins over a licence. A licence that the corpus has also gives its text.
// NOT_FOUND: neither a file nor a licence that is known; INVALID_ARGUMENT: a file that is no text.
[[nodiscard]] absl::StatusOr<Argument> ReadArgument(const JudgeOwner& owner,
                                                    const std::string& argument);

}  // namespace modelwatch::cli
