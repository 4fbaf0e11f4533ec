// SPDX-License-Identifier: Apache-2.0
// A licence text as a stream of words that can be compared: the matching guidelines of SPDX
// applied.
//
// Case, white space, line breaks, bullets, numbering, comment signs, markdown, quotes, dashes, and
// spelling variants ("licence"/"license") do not count; a CJK character is a word of its own.
// Nothing is deleted: copyright lines, titles and template blanks stay in the stream with a mark,
// because a changed holder is a fact and a changed word never may hide. Source: SPDX License List
// Matching Guidelines, https://spdx.github.io/spdx-spec (v2.3 annex B).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace modelwatch::evaluator {

// Marks of a token. DO NOT CHANGE THESE VALUES: they are stored in the corpus file.
inline constexpr uint8_t kSlotMark = 1;  // inside a template blank: [yyyy], <owner>, {{ name }}
inline constexpr uint8_t kCopyrightMark = 2;  // in a line that states a copyright
inline constexpr uint8_t kTitleMark = 4;      // in a heading before the first sentence
inline constexpr uint8_t kOptionalMark =
    8;                                    // corpus only: what the text does not need to be complete
inline constexpr uint8_t kLinkMark = 16;  // in a web address
inline constexpr uint8_t kAddressMark = 32;  // in an e-mail address
inline constexpr uint8_t kCapitalMark = 64;  // begins with a capital letter of ASCII

struct Token {
  std::string word;    // normalised, never empty
  uint32_t line = 0;   // 1-based
  uint32_t begin = 0;  // [begin, end) bytes of the original text
  uint32_t end = 0;
  uint8_t marks = 0;
};

// Told in the corpus file: a corpus fits the tokeniser that made it. Raise it with every change of
// what Tokenise gives.
inline constexpr uint32_t kTokeniserVersion = 6;

// Texts beyond this are cut: no licence is longer (the longest of ScanCode is under 400 KiB), and
// the work on hostile input stays bounded.
inline constexpr size_t kMaxTextBytes = 1 << 20;

// Any bytes, valid UTF-8 or not. Linear in the length. A closed YAML block at the top is metadata
// about the text, not the text: it is passed over (front_matter.h reads it), lines still count from
// the top.
[[nodiscard]] std::vector<Token> Tokenise(std::string_view text);

}  // namespace modelwatch::evaluator
