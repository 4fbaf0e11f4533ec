// SPDX-License-Identifier: Apache-2.0
// Parameter blocks: blanks that a licence leaves to be filled in above its terms, one labelled
// value each ("Change Date: 2029-01-01"). What stands there is read, never guessed.
// Source of the labels: Business Source License 1.1, https://mariadb.com/bsl11.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "evaluator/license/tokens.h"

namespace modelwatch::evaluator {

// One filled blank. `name` is static: licensor | licensed-work | use-grant | change-date |
// change-licence.
struct Parameter {
  std::string_view name;
  std::string value;  // as written, white space as single blanks, cut at 256 bytes
  uint32_t line = 0;  // 1-based, of the label
  size_t begin = 0;   // [begin, end) tokens, label included
  size_t end = 0;
};

// True for licences whose terms refer to parameters stated above them, by SPDX id.
[[nodiscard]] bool HasParameters(std::string_view spdx);

// Every parameter of a text, in reading order. A value ends at the next label or at a blank line;
// the use grant, which may have paragraphs, at the next label alone. Empty unless a change date and
// a change licence are both there: other texts have such words too. `tokens` are Tokenise(text).
[[nodiscard]] std::vector<Parameter> FindParameters(std::string_view text,
                                                    const std::vector<Token>& tokens);

// [begin, end) tokens of a parameter block and of the lines that its publisher puts around it
// ("Parameters", "Notice", whose trademark the name is, where other licences can be had). A value
// that forbids something outright is left out: no blank is for that.
struct TokenSpan {
  size_t begin = 0, end = 0;
};
[[nodiscard]] std::vector<TokenSpan> ParameterSpans(std::string_view text,
                                                    const std::vector<Token>& tokens);

}  // namespace modelwatch::evaluator
