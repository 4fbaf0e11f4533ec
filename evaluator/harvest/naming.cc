// SPDX-License-Identifier: Apache-2.0
#include "evaluator/harvest/naming.h"

#include <algorithm>
#include <set>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "evaluator/license/spelling.h"

namespace modelwatch::evaluator {
namespace {

constexpr size_t kMaxNameBytes = 200;
constexpr size_t kTitleTokens = 60;
constexpr size_t kMinNameLetters = 3;

bool IsAlnum(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); }

template <typename Words>
bool Holds(const Words& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::vector<std::string> PiecesOf(std::string_view account) {
  std::vector<std::string> pieces(1);
  for (const char c : account) {
    if (IsAlnum(c)) {
      pieces.back().push_back(absl::ascii_tolower(static_cast<unsigned char>(c)));
    } else if (!pieces.back().empty()) {
      pieces.emplace_back();
    }
  }
  if (pieces.back().empty()) pieces.pop_back();
  return pieces;
}

// Some words in a row, joined, are `name`.
bool StandsIn(std::span<const Token> text, std::string_view name) {
  for (size_t begin = 0; begin < text.size(); ++begin) {
    std::string_view rest = name;
    for (size_t at = begin; at < text.size() && !rest.empty(); ++at) {
      const std::string_view word = text[at].word;
      if (rest.substr(0, word.size()) != word) break;
      rest.remove_prefix(word.size());
    }
    if (rest.empty()) return true;
  }
  return false;
}

bool ProvesNothing(const std::vector<std::string>& pieces, const v1::PromotionRules& rules) {
  return std::all_of(pieces.begin(), pieces.end(), [&](const std::string& piece) {
    return piece.size() < kMinNameLetters || Holds(rules.ordinary_word(), piece) ||
           Holds(rules.account_word(), piece);
  });
}

}  // namespace

std::string CleanText(std::string_view text) {
  std::string clean;
  for (size_t at = 0; at < text.size() && clean.size() + 4 <= kMaxNameBytes;) {
    const char32_t code = DecodeUtf8(text, at);
    const bool breaks = code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 ||
                        code == 0x2029 || code == 0xFEFF;
    AppendUtf8(clean, breaks ? U' ' : code);
  }
  return std::string(absl::StripAsciiWhitespace(clean));
}

std::string TitleOf(std::string_view text) {
  size_t begin = 0;
  while (begin < text.size()) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    std::string line = CleanText(text.substr(begin, end - begin));
    line.erase(
        std::remove_if(line.begin(), line.end(), [](char c) { return c == '*' || c == '#'; }),
        line.end());
    line = std::string(absl::StripAsciiWhitespace(line));
    if (!line.empty() && line.find_first_not_of("-=_ ") != std::string::npos) return line;
    begin = end + 1;
  }
  return "";
}

std::string VersionIn(std::span<const Token> text) {
  for (size_t at = 0; at + 1 < std::min(text.size(), kTitleTokens); ++at) {
    const std::string_view word = text[at].word;
    const std::string_view next = text[at + 1].word;
    if ((word == "version" || word == "v") &&
        absl::ascii_isdigit(static_cast<unsigned char>(next[0]))) {
      return std::string(next.substr(0, 20));
    }
  }
  return "";
}

std::string KeyOf(std::string_view words) {
  std::string key;
  for (const char c : words) {
    if (key.size() == kMaxKeyBytes) break;
    if (IsAlnum(c)) {
      key.push_back(absl::ascii_tolower(static_cast<unsigned char>(c)));
    } else if (!key.empty() && IsAlnum(key.back())) {
      key.push_back(c == '.' ? '.' : '-');
    } else if (!key.empty()) {
      key.back() = '-';
    }
  }
  while (!key.empty() && !IsAlnum(key.back())) key.pop_back();
  return key;
}

bool NamesPublisher(std::span<const Token> text, std::string_view publisher,
                    const v1::PromotionRules& rules) {
  std::vector<std::string> pieces = PiecesOf(publisher);
  const auto stands = [&] {
    const std::string name = absl::StrJoin(pieces, "");
    const bool has_letter = name.find_first_not_of("0123456789") != std::string::npos;
    return name.size() >= kMinNameLetters && has_letter && StandsIn(text, name);
  };
  if (pieces.empty()) return false;
  const bool is_short = std::all_of(pieces.begin(), pieces.end(), [](const std::string& piece) {
    return piece.size() < kMinNameLetters;
  });
  if (is_short) return stands();  // "01-ai": as a whole alone
  if (ProvesNothing(pieces, rules)) return false;
  if (stands()) return true;
  while (pieces.size() > 1 && Holds(rules.account_word(), pieces.back())) {
    pieces.pop_back();
    if (!ProvesNothing(pieces, rules) && stands()) return true;
  }
  return false;
}

uint32_t LegalWords(std::span<const Token> text, const v1::PromotionRules& rules) {
  const std::set<std::string_view> legal(rules.legal_word().begin(), rules.legal_word().end());
  size_t count = 0;
  for (const Token& token : text) count += legal.count(token.word);
  return text.empty() ? 0 : static_cast<uint32_t>(count * 1000 / text.size());
}

}  // namespace modelwatch::evaluator
