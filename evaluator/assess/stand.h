// SPDX-License-Identifier: Apache-2.0
// The licence side of a judgement, before access: what the sources say, which of them the terms
// rest on, and what use policies and the card's own words add.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evaluator/assess/assessor.h"
#include "evaluator/assess/text_reader.h"
#include "modelwatch/v1/assessment.pb.h"
#include "modelwatch/v1/judging.pb.h"

namespace modelwatch::evaluator {

struct Stand {
  std::vector<v1::Finding> findings;
  v1::Terms terms;
  std::string licence;
  std::string expression;
  std::string text_digest;  // of the file that the terms rest on; empty when they rest on no file
  v1::FindingStatus status = v1::NONE;
  v1::FindingSource source = v1::FINDING_SOURCE_UNSPECIFIED;  // of what the terms rest on
  std::string path;                                           // of that text
  v1::Dimensions dimensions;                                  // as far as the words are read
  std::string base;                                           // of an edited text
  bool is_stated = false;                                     // some licence is given, even "other"
  bool is_memory_only = false;
  bool has_unread = false;  // a governing file whose bytes are not here
};

// What a stand is made from. All must outlive the call.
struct StandSources {
  const TermsTable& table;
  TextReader* reader;  // null without a corpus: no text is read
  const v1::Observation& seen;
  std::span<const FileText> files;
};

// Null when its bytes are not here.
[[nodiscard]] const FileText* TextOf(std::span<const FileText> files, std::string_view path);

// Of the weights. Text outranks tag; without a licence file, a licence text in the gate's prompt or
// in the card's body counts as the text; a use policy and riders join. Adds to
// `assessment.conflicts`.
[[nodiscard]] Stand WeightsStand(const StandSources& sources, v1::Assessment& assessment);

// Of the code, where files say that it has a licence of its own; else not stated.
[[nodiscard]] Stand CodeStand(const StandSources& sources);

// What was known of the licence: for a release that is gone, or a text that is refused now.
[[nodiscard]] Stand FormerStand(const v1::Assessment& previous);

}  // namespace modelwatch::evaluator
