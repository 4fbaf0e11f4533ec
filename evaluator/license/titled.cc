// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/titled.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace modelwatch::evaluator {
namespace {

constexpr size_t kMaxLines = 6;        // above the title may stand a logo, a date, a link
constexpr size_t kMaxTitleWords = 24;  // a Chinese character is a word
constexpr size_t kMaxNameWords = 8;
constexpr size_t kMaxSearched = 400;  // words below a title without a name

bool IsChinese(const Token& token) { return static_cast<unsigned char>(token.word[0]) >= 0xE3; }

// Licence, agreement, terms.
bool SpeaksOfLicence(const std::vector<Token>& tokens, size_t begin, size_t end) {
  const auto follows = [&](size_t i, std::string_view first, std::string_view second) {
    return i + 1 < end && tokens[i].word == first && tokens[i + 1].word == second;
  };
  for (size_t i = begin; i < end; ++i) {
    const std::string& word = tokens[i].word;
    if (word == "license" || word == "agreement" || word == "terms") return true;
    if (follows(i, "\xE8\xAE\xB8", "\xE5\x8F\xAF") || follows(i, "\xE5\x8D\x8F", "\xE8\xAE\xAE")) {
      return true;
    }
  }
  return false;
}

bool MayNameIt(const Token& token) {
  return std::all_of(token.word.begin(), token.word.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-';
  });
}

std::string NameOf(std::string_view text, const std::vector<Token>& tokens, size_t begin,
                   size_t end) {
  std::string name;
  size_t words = 0;
  for (size_t i = begin; i < end && words < kMaxNameWords; ++i) {
    if (IsChinese(tokens[i]) || !MayNameIt(tokens[i])) continue;
    const std::string_view written = text.substr(tokens[i].begin, tokens[i].end - tokens[i].begin);
    const bool is_plain = std::all_of(written.begin(), written.end(), [](char c) {
      return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-';
    });
    name += "-";
    name += is_plain ? std::string(written) : tokens[i].word;
    ++words;
  }
  return name;
}

bool HasLetter(std::string_view name) {
  return std::any_of(name.begin(), name.end(),
                     [](char c) { return absl::ascii_isalpha(static_cast<unsigned char>(c)); });
}

// The first word in Latin letters with a capital: in a Chinese text a product's or a company's.
size_t FirstLatinName(const std::vector<Token>& tokens, size_t begin) {
  const size_t end = std::min(tokens.size(), begin + kMaxSearched);
  for (size_t i = begin; i < end; ++i) {
    const bool is_name = (tokens[i].marks & kCapitalMark) != 0 && tokens[i].word.size() > 2;
    if (is_name && (tokens[i].marks & (kLinkMark | kAddressMark)) == 0) return i;
  }
  return end;
}

}  // namespace

std::string NameFromTitle(std::string_view text, const std::vector<Token>& tokens) {
  size_t lines = 0;
  for (size_t begin = 0; begin < tokens.size() && lines < kMaxLines; ++lines) {
    size_t end = begin + 1;
    while (end < tokens.size() && tokens[end].line == tokens[begin].line) ++end;
    if (end - begin <= kMaxTitleWords && SpeaksOfLicence(tokens, begin, end)) {
      std::string name = NameOf(text, tokens, begin, end);
      if (!HasLetter(name)) {
        const size_t at = FirstLatinName(tokens, end);
        if (at >= std::min(tokens.size(), end + kMaxSearched)) return {};
        name = NameOf(text, tokens, at, at + 1) + name;
      }
      return "LicenseRef" + name;
    }
    begin = end;
  }
  return {};
}

}  // namespace modelwatch::evaluator
