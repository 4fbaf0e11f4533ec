// SPDX-License-Identifier: Apache-2.0
// What the bytes of a text may do in a word, and the word that is being read of them. Part of the
// tokeniser (tokens.cc), in a header because its innermost loops have to see it.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace modelwatch::evaluator {

// What a byte may do, so that most bytes of a text cost one look: tables, as they are read in the
// innermost loops.
inline constexpr uint8_t kInWord = 1;        // a letter or digit of ASCII
inline constexpr uint8_t kMeansNothing = 2;  // separates, and begins nothing; no line end
inline constexpr uint8_t kEndsAddress = 4;   // no e-mail address goes on behind it
inline constexpr uint8_t kEndsWord = 8;      // no word goes on behind it

inline constexpr std::array<uint8_t, 256> kBytes = [] {
  std::array<uint8_t, 256> bytes = {};
  for (size_t c = 0; c < 0x80; ++c) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (is_letter || (c >= '0' && c <= '9')) {
      bytes[c] = kInWord;
      continue;
    }
    const bool may_join =
        std::string_view(".,'+&").find(static_cast<char>(c)) != std::string_view::npos;
    if (!may_join) bytes[c] = kEndsWord;
    if (std::string_view("\n<&[{($%").find(static_cast<char>(c)) == std::string_view::npos) {
      bytes[c] |= kMeansNothing;
    }
  }
  for (const char c : std::string_view(" \t\r\n>)")) bytes[static_cast<size_t>(c)] |= kEndsAddress;
  for (size_t c = 0x80; c < 0x100; ++c) bytes[c] = kEndsAddress;
  return bytes;
}();

// Of a letter or digit of ASCII its lower case, else 0.
inline constexpr std::array<char, 256> kLower = [] {
  std::array<char, 256> lower = {};
  for (size_t c = 0; c < 0x80; ++c) {
    const char letter = static_cast<char>(c);
    const bool is_upper = letter >= 'A' && letter <= 'Z';
    if ((kBytes[c] & kInWord) != 0) {
      lower[c] = static_cast<char>(is_upper ? letter + ('a' - 'A') : letter);
    }
  }
  return lower;
}();

inline bool Is(char c, uint8_t what) { return (kBytes[static_cast<unsigned char>(c)] & what) != 0; }

inline constexpr size_t kMaxWordBytes = 64;

// A word that is being read: of at most kMaxWordBytes, and the rest of its last character.
class WordBuffer {
 public:
  void Clear() { size_ = 0; }
  void Add(char c) { bytes_[size_++] = c; }
  void Add(std::string_view some) {
    for (const char c : some) Add(c);
  }
  // Takes letters and digits of ASCII as long as they come and there is room; how many.
  size_t TakeFrom(std::string_view text) {
    const size_t most = std::min(text.size(), kMaxWordBytes - size_);
    const char* const from = text.data();
    char* const to = bytes_.data() + size_;
    size_t taken = 0;
    for (; taken < most; ++taken) {
      const char letter = kLower[static_cast<unsigned char>(from[taken])];
      if (letter == 0) break;
      to[taken] = letter;
    }
    size_ += taken;
    return taken;
  }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] bool is_full() const { return size_ >= kMaxWordBytes; }
  [[nodiscard]] char back() const { return bytes_[size_ - 1]; }
  [[nodiscard]] std::string_view view() const { return {bytes_.data(), size_}; }

 private:
  std::array<char, kMaxWordBytes + 4> bytes_;
  size_t size_ = 0;
};

}  // namespace modelwatch::evaluator
