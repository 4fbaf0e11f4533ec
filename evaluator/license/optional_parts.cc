// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/optional_parts.h"

#include <array>
#include <string_view>

namespace modelwatch::evaluator {
namespace {

// A part from the first words on, up to (not including) the last words; an empty end is the end of
// the text, an empty beginning its start. The words are those after normalisation.
// Source: <optional> regions of the SPDX templates (license-list-XML, read 2026-11).
struct Part {
  std::array<std::string_view, 5> first;
  std::array<std::string_view, 5> last;
};
constexpr std::array<Part, 5> kParts = {{
    // Apache-2.0, GPL family: the appendix on how to apply.
    {{"end", "of", "terms", "and", "conditions"}, {}},
    {{"how", "to", "apply", "these", "terms"}, {}},
    {{"appendix", "how", "to", "apply", "the"}, {}},
    // Creative Commons: the corporation about itself, before and after the licence.
    {{"creative", "commons", "corporation", "creative", "commons"},
     {"by", "exercising", "the", "licensed", "rights"}},
    {{"creative", "commons", "is", "not", "a"}, {}},
}};

bool IsAt(const std::vector<Token>& tokens, size_t at,
          const std::array<std::string_view, 5>& words) {
  if (at + words.size() > tokens.size()) return false;
  for (size_t i = 0; i < words.size(); ++i) {
    if (tokens[at + i].word != words[i]) return false;
  }
  return true;
}

size_t EndOf(const std::vector<Token>& tokens, size_t begin, const Part& part) {
  if (part.last[0].empty()) return tokens.size();
  for (size_t i = begin; i < tokens.size(); ++i) {
    if (IsAt(tokens, i, part.last)) return i;
  }
  return begin;
}

}  // namespace

void MarkOptionalParts(std::vector<Token>& tokens) {
  for (const Part& part : kParts) {
    for (size_t i = 0; i < tokens.size(); ++i) {
      // A part to the end must not swallow the licence itself.
      if (!IsAt(tokens, i, part.first) || (part.last[0].empty() && i < tokens.size() / 2)) continue;
      for (size_t end = EndOf(tokens, i, part); i < end; ++i) tokens[i].marks |= kOptionalMark;
      break;
    }
  }
}

}  // namespace modelwatch::evaluator
