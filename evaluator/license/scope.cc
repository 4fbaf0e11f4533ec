// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/scope.h"

#include <algorithm>

namespace modelwatch::evaluator {
namespace {

constexpr size_t kTitleWords = 14;
constexpr size_t kIntroWords = 20;  // a sentence above a text
constexpr uint32_t kIntroLines = 3;
constexpr size_t kDefinitionWords = 600;
constexpr size_t kBeforeName = 16, kAfterName = 6;  // about a clause

v1::LicenceScope ScopeOf(CueKind kind) {
  switch (kind) {
    case CueKind::kCode:
      return v1::CODE;
    case CueKind::kWeights:
      return v1::WEIGHTS;
    case CueKind::kData:
      return v1::DATA;
    case CueKind::kOutputs:
      return v1::OUTPUTS;
    default:
      return v1::LICENCE_SCOPE_UNSPECIFIED;
  }
}

// The one scope that all cues of [begin, end) mean.
v1::LicenceScope OnlyScope(const std::vector<Cue>& cues, size_t begin, size_t end) {
  v1::LicenceScope only = v1::LICENCE_SCOPE_UNSPECIFIED;
  for (const Cue& cue : cues) {
    const v1::LicenceScope scope = ScopeOf(cue.kind);
    if (cue.begin < begin || cue.end > end || scope == v1::LICENCE_SCOPE_UNSPECIFIED) continue;
    if (only != v1::LICENCE_SCOPE_UNSPECIFIED && only != scope) {
      return v1::LICENCE_SCOPE_UNSPECIFIED;
    }
    only = scope;
  }
  return only;
}

// Begin of the lines from `lines` above the word on.
size_t LinesAbove(const std::vector<Token>& tokens, size_t word, uint32_t lines, size_t most) {
  size_t begin = word;
  while (begin > 0 && word - begin < most && tokens[begin - 1].line + lines >= tokens[word].line) {
    --begin;
  }
  return begin;
}

v1::LicenceScope ScopeOfText(const std::vector<Token>& tokens, const std::vector<Cue>& cues,
                             const LicencePlace& place) {
  size_t title = place.begin;
  while (title < place.end && title - place.begin < kTitleWords &&
         (tokens[title].marks & kTitleMark) != 0) {
    ++title;
  }
  const auto own = OnlyScope(FindCues(tokens, place.begin, title), place.begin, title);
  if (own != v1::LICENCE_SCOPE_UNSPECIFIED) return own;
  const auto above =
      OnlyScope(cues, LinesAbove(tokens, place.begin, kIntroLines, kIntroWords), place.begin);
  if (above != v1::LICENCE_SCOPE_UNSPECIFIED || !place.may_define) return above;
  const size_t most = std::min(place.end, place.begin + kDefinitionWords);
  for (const Cue& cue : FindCues(tokens, place.begin, most)) {
    if (cue.kind == CueKind::kModelTerms) return v1::WEIGHTS;
  }
  return v1::LICENCE_SCOPE_UNSPECIFIED;
}

// Begin of the sentence, or of its last kBeforeName words.
size_t SentenceBegin(std::string_view text, const std::vector<Token>& tokens, size_t word) {
  size_t begin = word;
  while (begin > 0 && word - begin < kBeforeName) {
    const size_t from = tokens[begin - 1].end;
    const std::string_view gap = text.substr(from, tokens[begin].begin - from);
    if (gap.find(". ") != std::string_view::npos || gap.find(".\n") != std::string_view::npos ||
        gap.find("\n\n") != std::string_view::npos || gap.find("。") != std::string_view::npos) {
      break;
    }
    --begin;
  }
  return begin;
}

v1::LicenceScope ScopeOfName(std::string_view text, const std::vector<Token>& tokens,
                             const std::vector<Cue>& cues, const LicencePlace& place) {
  const size_t from = SentenceBegin(text, tokens, place.begin);
  for (auto cue = cues.rbegin(); cue != cues.rend(); ++cue) {
    const v1::LicenceScope scope = ScopeOf(cue->kind);
    if (scope == v1::LICENCE_SCOPE_UNSPECIFIED || cue->begin < from) continue;
    // The name may begin with the cue: "code license: MIT".
    if (cue->begin <= place.begin || cue->end <= place.end) return scope;
  }
  const size_t after = std::min(tokens.size(), place.end + kAfterName);
  const auto next = OnlyScope(cues, place.end, after);
  if (next != v1::LICENCE_SCOPE_UNSPECIFIED && tokens[place.end].line == tokens[place.begin].line) {
    return next;
  }
  // A heading, or the end of a line that leads to a list.
  size_t line = place.begin;
  while (line > 0 && tokens[line - 1].line == tokens[place.begin].line) --line;
  if (line == 0) return v1::LICENCE_SCOPE_UNSPECIFIED;
  return OnlyScope(cues, LinesAbove(tokens, line, kIntroLines, kIntroWords), line);
}

}  // namespace

v1::LicenceScope ScopeAround(std::string_view text, const std::vector<Token>& tokens,
                             const std::vector<Cue>& cues, LicencePlace place) {
  return place.is_text ? ScopeOfText(tokens, cues, place) : ScopeOfName(text, tokens, cues, place);
}

}  // namespace modelwatch::evaluator
