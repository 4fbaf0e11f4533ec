// SPDX-License-Identifier: Apache-2.0
// Spellings that do not make a difference, and letters in their plain form.
#pragma once

#include <string>
#include <string_view>

namespace modelwatch::evaluator {

// The one spelling that stands for all equivalent ones: "licence" -> "license". Other words come
// back as they are. Source: SPDX License List, equivalent words
// (spdx.org/licenses/equivalentwords.txt, read 2026-11), and "https" for "http".
[[nodiscard]] std::string_view CanonicalSpelling(std::string_view lower_case_word);

// Decodes the code point at `at` and moves past it; U+FFFD for bytes that are not UTF-8 (one byte).
[[nodiscard]] char32_t DecodeUtf8(std::string_view text, size_t& at);
void AppendUtf8(std::string& out, char32_t code);

enum class LetterClass { kSeparator, kIgnored, kWord, kIdeograph };
// Of code points from U+0080 on. Ignored ones vanish inside a word (soft hyphen, zero width, BOM).
[[nodiscard]] LetterClass ClassOf(char32_t code);
// Lower case and compatibility forms folded (full width, Latin, Greek, Cyrillic).
[[nodiscard]] char32_t FoldCase(char32_t code);

}  // namespace modelwatch::evaluator
