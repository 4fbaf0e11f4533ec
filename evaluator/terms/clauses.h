// SPDX-License-Identifier: Apache-2.0
// What a licence text says, sentence by sentence, as far as known wordings tell
// (clauses.textproto).
//
// A first reader, not a lawyer: a hit is a ground to look at, with its line and words. Finding no
// clause says nothing; callers must keep the interval wide.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "modelwatch/v1/assessment.pb.h"
#include "modelwatch/v1/judging.pb.h"

namespace modelwatch::evaluator {

// A sentence of a text as words, with its place.
struct Sentence {
  std::string words;     // normalised, one space between
  uint32_t line = 0;     // 1-based line of its first word
  std::string original;  // as written, white space collapsed, cut at 512 bytes
  size_t begin = 0;      // [begin, end) of the text's tokens (tokens.h)
  size_t end = 0;
};

// Split at full stops, semicolons, blank lines and list items; a heading is a sentence of its own.
// A sentence of over 200 words is cut.
[[nodiscard]] std::vector<Sentence> SplitSentences(std::string_view text);

struct ClauseHit {
  std::string id;  // "purpose.noncommercial"
  std::string dimension;
  uint32_t line = 0;
  std::string text;  // the sentence as written
};

struct Reading {
  v1::Dimensions dimensions;    // the worst of all hits
  std::vector<ClauseHit> hits;  // in reading order
};

// Reads the given sentences. Linear in their length; RE2, so no input makes it slow.
[[nodiscard]] Reading ReadClauses(const std::vector<Sentence>& sentences);
[[nodiscard]] Reading ReadClauses(std::string_view text);

// Puts line and words of the matching hit into each reason of `terms` that a hit explains.
void CiteHits(v1::Terms& terms, const std::vector<ClauseHit>& hits, v1::FindingSource source,
              std::string_view path);

}  // namespace modelwatch::evaluator
