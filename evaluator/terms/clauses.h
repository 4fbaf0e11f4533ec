// SPDX-License-Identifier: Apache-2.0
// What a licence text says, sentence by sentence, as far as known wordings tell
// (clauses.textproto).
//
// A reading is three answers: what the text says as a reader would put it, the least that it says
// for certain, and the most that it may say. Words of force that no rule accounts for leave their
// sentence unread, and an unread sentence opens the most for whatever it may be about. So nothing
// that is not understood becomes free. Not a lawyer: every conclusion has its line and words.
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
  std::string lead;  // words of the introduction that an item of a list continues: "you may not"
};

// Split at full stops, semicolons, blank lines and list items; a heading is a sentence of its own.
// A sentence of over 200 words is cut.
[[nodiscard]] std::vector<Sentence> SplitSentences(std::string_view text);

struct ClauseHit {
  std::string id;  // "purpose.noncommercial"
  std::string dimension;
  uint32_t line = 0;
  std::string text;         // the sentence as written
  bool is_certain = false;  // bounds a scenario from below
};

// A sentence whose words of force are not all accounted for, or that may say more than it seems.
struct OpenSentence {
  uint32_t line = 0;
  std::string text;
  std::vector<std::string> dimensions;  // that it may be about; empty: any
};

struct Reading {
  v1::Dimensions dimensions;       // as read: the worst of all hits
  v1::Dimensions least, most;      // certain, possible; regions and thresholds with them
  std::vector<ClauseHit> hits;     // in reading order
  std::vector<OpenSentence> open;  // in reading order, at most 64
  bool permits_use = false, permits_sharing = false, permits_change = false;
  bool is_read = false;  // every sentence was looked at
};

// Reads the given sentences. Linear in their length; beyond 256 KiB of a text, or 24,000 words of
// different sentences, the rest is not read, and everything stays possible.
[[nodiscard]] Reading ReadClauses(const std::vector<Sentence>& sentences);
[[nodiscard]] Reading ReadClauses(std::string_view text);

// What the sentences may be about, whatever they say of it: `most` and `open` alone. A sentence of
// no known subject may be about anything.
[[nodiscard]] Reading ReadSubjects(const std::vector<Sentence>& sentences);

// Puts line and words of the matching hit into each reason of `terms` that a hit explains.
void CiteHits(v1::Terms& terms, const std::vector<ClauseHit>& hits, v1::FindingSource source,
              std::string_view path);

}  // namespace modelwatch::evaluator
