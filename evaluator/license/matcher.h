// SPDX-License-Identifier: Apache-2.0
// Which licence a text is.
//
// The answer is EXACT only when the words were compared one by one and whatever differs is neutral:
// copyright lines, the title, filled template blanks. High similarity is never enough: one added
// sentence turns a permissive licence into another one, so the difference (the residue) is always
// reported and the status is MODIFIED, or FAMILY when sibling texts fit about as well.
//
// In order: the words of the text (tokens.h); the same words as a whole text of the corpus
// (corpus.h, digests); patterns that stand in it, word for word or nearly (detection.h); the texts
// among them compared word by word (fit.h) and the difference judged (residue.h); what is left of
// the file judged as well (remainder.h); what each licence is doing there (roles.h).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "evaluator/license/corpus.h"
#include "modelwatch/v1/assessment.pb.h"

namespace modelwatch::evaluator {

class NameIndex;

// Immutable after construction and safe to use from many threads. Bounded in time and memory for
// any input.
class Matcher {
 public:
  // `corpus` must outlive this.
  explicit Matcher(const Corpus& corpus);
  ~Matcher();
  Matcher(const Matcher&) = delete;
  Matcher& operator=(const Matcher&) = delete;

  // The finding of one text. EXACT: `licence` is the SPDX id, or the corpus key where SPDX has
  // none, and `expression` what an SPDX document would say; several complete licences in one file
  // are EXACT with a compound expression and no `licence`. MODIFIED and FAMILY: `base` instead of
  // `licence`. MENTION: `expression` of what is named. Never an error: bytes that are no text are
  // NONE. `licences` lists everything found, whatever the status. `source`, `path`, `digest` and
  // `oid` are left for the caller. Residue spans are cut at 2 KiB and at 64 of each sort.
  [[nodiscard]] v1::Finding Identify(std::string_view text) const;

  [[nodiscard]] const Corpus& corpus() const { return corpus_; }

 private:
  const Corpus& corpus_;
  std::unique_ptr<NameIndex> names_;
};

// SPDX id, or the corpus key when SPDX has none.
[[nodiscard]] std::string LicenceIdOf(const Licence& licence);

}  // namespace modelwatch::evaluator
