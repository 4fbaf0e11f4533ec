// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/line_marks.h"

#include <algorithm>
#include <array>
#include <string>

#include "absl/strings/ascii.h"

namespace modelwatch::evaluator {
namespace {

bool LooksLikeYear(std::string_view word) {
  return word.size() == 4 && (word.substr(0, 2) == "19" || word.substr(0, 2) == "20") &&
         absl::ascii_isdigit(static_cast<unsigned char>(word[2])) &&
         absl::ascii_isdigit(static_cast<unsigned char>(word[3]));
}

// A line that states a copyright: it begins with the word, within two words, and gives a year, a
// blank or few words.
bool IsCopyrightLine(const std::vector<Token>& tokens, size_t begin, size_t end) {
  constexpr size_t kMaxWords = 30;
  if (end - begin > kMaxWords) return false;
  constexpr std::string_view kCopyright = "copyright", kAll = "all";
  if (end - begin >= 3 && tokens[begin].word == kAll && tokens[begin + 1].word == "rights" &&
      tokens[begin + 2].word == "reserved") {
    return true;
  }
  size_t at = begin;
  while (at < end && at < begin + 2 && tokens[at].word != kCopyright) ++at;
  if (at >= end || tokens[at].word != kCopyright) return false;
  for (size_t i = at + 1; i < end; ++i) {
    if (LooksLikeYear(tokens[i].word) || (tokens[i].marks & kSlotMark) != 0 ||
        tokens[i].word == "yyyy") {
      return true;
    }
  }
  return at == begin && end - begin <= 8 && end - begin >= 2 &&
         tokens[begin + 1].word != "holders" && tokens[begin + 1].word != "holder" &&
         tokens[begin + 1].word != "notice" && tokens[begin + 1].word != "and" &&
         tokens[begin + 1].word != "license";
}

// Past "all rights reserved" near the start of [begin, end), which ends the holder's name that a
// copyright line began; `begin` when it is not there.
size_t EndOfStatement(const std::vector<Token>& tokens, size_t begin, size_t end) {
  constexpr size_t kMostOfName = 8;
  for (size_t i = begin; i + 2 < end && i < begin + kMostOfName; ++i) {
    if (tokens[i].word == "all" && tokens[i + 1].word == "rights" &&
        tokens[i + 2].word == "reserved") {
      return i + 3;
    }
  }
  return begin;
}

bool EndsInStop(std::string_view text, const Token& last) {
  const size_t at = last.end;
  return at < text.size() && (text[at] == '.' || text[at] == ',' || text[at] == ';');
}

// A heading line speaks of a licence; a first sentence may do without.
bool NamesTerms(const std::vector<Token>& tokens, size_t begin, size_t end) {
  for (size_t i = begin; i < end; ++i) {
    const std::string& word = tokens[i].word;
    if (word == "license" || word == "agreement" || word == "terms" || word == "policy" ||
        word == "version" || word == "date") {
      return true;
    }
  }
  return false;
}

// A first line that grants is no title: a word gone from it is a right gone.
bool IsSentence(const std::vector<Token>& tokens, size_t begin, size_t end) {
  constexpr std::array<std::string_view, 9> kVerbs = {
      "permission", "granted", "hereby", "is", "are", "may", "copy", "you", "shall"};
  for (size_t i = begin; i < end; ++i) {
    if (std::find(kVerbs.begin(), kVerbs.end(), tokens[i].word) != kVerbs.end()) return true;
  }
  return false;
}

}  // namespace

void MarkLines(std::string_view text, std::vector<Token>& tokens) {
  constexpr size_t kTitleWords = 14;
  constexpr size_t kMaxTitled = 40;
  bool is_title = true;
  size_t titled = 0;
  bool is_open = false;  // the line before is a copyright line whose last word no stop follows
  for (size_t begin = 0; begin < tokens.size();) {
    size_t end = begin + 1;
    while (end < tokens.size() && tokens[end].line == tokens[begin].line) ++end;
    const bool is_copyright = IsCopyrightLine(tokens, begin, end);
    const auto is_heading = [&] {
      return end - begin <= kTitleWords && titled + end - begin <= kMaxTitled &&
             !EndsInStop(text, tokens[end - 1]) && (begin == 0 || NamesTerms(tokens, begin, end)) &&
             !IsSentence(tokens, begin, end);
    };
    is_title = is_title && (is_copyright || is_heading());
    const size_t stated = is_copyright ? end : is_open ? EndOfStatement(tokens, begin, end) : begin;
    is_open = is_copyright && !EndsInStop(text, tokens[end - 1]);
    for (size_t i = begin; i < end; ++i) {
      if (i < stated) {
        tokens[i].marks |= kCopyrightMark;
      } else if (is_title) {
        tokens[i].marks |= kTitleMark;
        ++titled;
      }
    }
    begin = end;
  }
}

}  // namespace modelwatch::evaluator
