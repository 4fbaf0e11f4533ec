// SPDX-License-Identifier: Apache-2.0
// Which licence a text is.
//
// The answer is EXACT only when the words were compared one by one and whatever differs is neutral:
// copyright lines, the title, filled template blanks. High similarity is never enough: one added
// sentence turns a permissive licence into another one, so the difference (the residue) is always
// reported and the status is MODIFIED, or FAMILY when sibling texts fit about as well.
#pragma once

#include <string_view>

#include "evaluator/license/corpus.h"
#include "modelwatch/v1/assessment.pb.h"

namespace modelwatch::evaluator {

// Pure, and safe to call from many threads. Bounded in time and memory for any input.
class Matcher {
 public:
  // `corpus` must outlive this.
  explicit Matcher(const Corpus& corpus) : corpus_(corpus) {}

  // The finding of one text: licence, expression, status, base, score, residue, lines, reason.
  // Never an error: bytes that are no text are NONE. `source`, `path`, `digest` and `oid` are left
  // for the caller. Residue spans are cut at 2 KiB and at 64 of each sort.
  [[nodiscard]] v1::Finding Identify(std::string_view text) const;

 private:
  const Corpus& corpus_;
};

}  // namespace modelwatch::evaluator
