// SPDX-License-Identifier: Apache-2.0
// Cutting text to a length without breaking a character. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace modelwatch::evaluator {

// Longest value of a v1::CapturedField, in bytes.
inline constexpr size_t kMaxCapturedBytes = 256;

// At most `most` bytes of `text`, ending before a UTF-8 sequence that would not fit.
[[nodiscard]] inline std::string CutUtf8(std::string_view text, size_t most) {
  size_t length = text.size() < most ? text.size() : most;
  while (length < text.size() && length > 0 &&
         (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80) {
    --length;
  }
  return std::string(text.substr(0, length));
}

}  // namespace modelwatch::evaluator
