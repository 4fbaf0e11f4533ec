// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/licence_list.h"

#include "evaluator/license/matcher.h"

namespace modelwatch::evaluator {

std::vector<Detection> KeepTelling(const Corpus& corpus, const std::vector<Detection>& detections,
                                   std::span<const Token>) {
  std::vector<Detection> kept;
  for (const Detection& detection : detections) {
    const Pattern pattern = corpus.pattern(detection.pattern);
    if (pattern.kind == v1::PATTERN_FALSE_POSITIVE || pattern.kind == v1::PATTERN_INTRO ||
        pattern.kind == v1::PATTERN_CLUE) {
      continue;
    }
    kept.push_back(detection);
  }
  return kept;
}

std::vector<v1::LicenceMatch> MatchesOf(const Corpus& corpus, const Detection& detection,
                                        std::span<const Token> tokens) {
  std::vector<v1::LicenceMatch> matches;
  const Pattern pattern = corpus.pattern(detection.pattern);
  if (pattern.expression == kNone) return matches;
  for (const corpus_format::TermRow& term : corpus.expression(pattern.expression).terms) {
    const Licence licence = corpus.licence(term.licence);
    v1::LicenceMatch& match = matches.emplace_back();
    match.set_licence(LicenceIdOf(licence));
    match.set_spdx(std::string(licence.spdx));
    match.set_role(static_cast<v1::LicenceRole>(term.role));
    match.set_status(pattern.kind == v1::PATTERN_TEXT
                         ? (detection.is_exact() ? v1::EXACT : v1::MODIFIED)
                         : v1::MENTION);
    match.set_score(detection.likeness * pattern.relevance / 100);
    match.set_start_line(tokens[detection.begin].line);
    match.set_end_line(tokens[detection.end - 1].line);
  }
  return matches;
}

}  // namespace modelwatch::evaluator
