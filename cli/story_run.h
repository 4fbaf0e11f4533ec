// SPDX-License-Identifier: Apache-2.0
// Runs a story through the whole of judgement: an indexer of its own, an evaluator, no hub.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/story.h"
#include "evaluator/evaluator.h"
#include "evaluator/license/corpus.h"

namespace modelwatch::cli {

struct StoryWorld {
  evaluator::EvaluatorOptions judging;        // policy and rules
  const evaluator::Corpus* corpus = nullptr;  // null: texts stay unread, "@LICENCE" is refused
  std::string folder;                         // where "=PATH" of a file begins
};

// What was told and not expected, or expected and not told: one line each, "line 4: ...". Empty
// when all is as the story says. INVALID_ARGUMENT: a value of the story is none, e.g. a gate that
// is not open, auto or manual. Makes and removes a folder below the system's temporary one.
[[nodiscard]] absl::StatusOr<std::vector<std::string>> RunStory(const Story& story,
                                                                const StoryWorld& world);

}  // namespace modelwatch::cli
