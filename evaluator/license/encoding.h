// SPDX-License-Identifier: Apache-2.0
// Which encoding bytes are in, and their conversion to UTF-8. The parts of decode.h that know code
// pages; the rest of the room asks Decode.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace modelwatch::evaluator {

// What one pass over the bytes tells. Counts, so that the caller decides.
struct ByteCensus {
  size_t high = 0;       // 0x80 and above
  size_t controls = 0;   // control characters that no text has, 0x00 included
  size_t first_nul = 0;  // position of the first 0x00; the length when there is none
};

// Over 5 GB/s: sixteen bytes at a time.
[[nodiscard]] ByteCensus CountBytes(std::string_view bytes);

// The length of the character at `at` when it is well-formed UTF-8 (shortest form, no surrogates,
// up to U+10FFFF: RFC 3629), else 0. REQUIRES: at < bytes.size().
[[nodiscard]] size_t Utf8CharacterAt(std::string_view bytes, size_t at);

// Where the first malformed character at or behind `from` begins; the length when there is none.
// REQUIRES: a character begins at `from`.
[[nodiscard]] size_t WellFormedPrefix(std::string_view bytes, size_t from);

// True when all of it is well-formed.
[[nodiscard]] bool IsUtf8(std::string_view bytes);

// True for a text in UTF-8 that suffered: it has well-formed characters outside ASCII, and the bad
// bytes are few beside them or stand alone between ASCII. A third of the pairs of GBK happen to be
// well-formed, so a plain majority would not do. Judged by 32 KiB from the first bad byte on.
[[nodiscard]] bool IsMostlyUtf8(std::string_view bytes);

// "UTF-16LE", "UTF-16BE", "UTF-32LE" or "UTF-32BE" for bytes with zero bytes in them that read as
// a text in it, without a byte order mark; empty otherwise. Looks at the first 32 KiB.
[[nodiscard]] std::string_view WideEncodingOf(std::string_view bytes);

// The share, 0..1, of units that texts are made of when `bytes` are read as one of these four.
// Random bytes give two thirds. Looks at the first 32 KiB.
[[nodiscard]] double PlausibleShareOf(std::string_view bytes, std::string_view encoding);

// The encoding of bytes that are neither UTF-8 nor wide; "WINDOWS-1252" when nothing speaks for
// another. Looks at 32 KiB from the first byte on that is not ASCII.
[[nodiscard]] std::string_view CodePageOf(std::string_view bytes);

// Converts until `max_bytes` are written, to a whole character. What is malformed becomes U+FFFD;
// `malformed` counts it. `encoding` is one of those named by the functions above.
struct Converted {
  std::string text;
  size_t read = 0;  // bytes of the input behind `text`
  size_t malformed = 0;
};
[[nodiscard]] Converted ConvertToUtf8(std::string_view bytes, std::string_view encoding,
                                      size_t max_bytes);

// UTF-8 with some malformed bytes, each of which is read as Windows-1252.
[[nodiscard]] Converted RepairUtf8(std::string_view bytes, size_t max_bytes);

}  // namespace modelwatch::evaluator
