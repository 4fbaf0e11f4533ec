// SPDX-License-Identifier: Apache-2.0
#include "evaluator/terms/shift_definitions.h"

#include <string>
#include <string_view>

namespace modelwatch::evaluator {
namespace {

bool IsOneOf(std::string_view word, std::string_view list) {
  return list.find(std::string(" ") + std::string(word) + " ") != std::string_view::npos;
}

constexpr std::string_view kGives =
    " permitted authorized eligible noncommercial noncommercially research academic personal "
    "territory"
    " educational evaluation allowed you licensee recipient user use ";
constexpr std::string_view kTakes =
    " prohibited restricted commercial derivative derivatives affiliate affiliates competitor "
    "competitors"
    " competing sensitive military output outputs modification modifications adapted modified harm"
    " distribution distribute distributing hosting revenue ";
constexpr std::string_view kScope =
    " model models software materials work works documentation licensor licensee you license "
    "agreement"
    " contribution contributor contributors source object entity program library data code "
    "materials"
    " covered product we us ";

// How the text uses the term elsewhere: the sum of the signs it stands under.
int UseOf(const ClauseText& text, const ClauseUnit& defining, std::string_view term) {
  int sum = 0;
  for (size_t i = 0; i < text.words.size(); ++i) {
    if (i >= defining.begin && i < defining.end) continue;
    if (text.words[i].word == term) sum += text.forces[i].sign();
  }
  return sum > 0 ? 1 : -1;
}

}  // namespace

int UseOfDefinition(const ClauseText& text, uint32_t unit) {
  const ClauseUnit& defining = text.units[text.units[unit].defined_by];
  std::string last;
  bool is_scope = false;
  for (size_t i = defining.begin; i < defining.end && i < defining.begin + 8; ++i) {
    const std::string& word = text.words[i].word;
    if (IsOneOf(word, " means mean refers defined must will \xE6\x8C\x87 ")) break;
    if (IsOneOf(word, kGives)) return 1;
    if (IsOneOf(word, kTakes)) return -1;
    is_scope = is_scope || IsOneOf(word, kScope);
    if (text.words[i].role != WordRole::kStop) last = word;
  }
  if (is_scope || last.empty()) return 0;
  return UseOf(text, defining, last);
}

}  // namespace modelwatch::evaluator
