// SPDX-License-Identifier: Apache-2.0
// Differences of two sequences and of two texts, bounded for hostile input.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace modelwatch::evaluator {

// a[a_begin, a_end) was replaced by b[b_begin, b_end); either may be empty, not both.
struct Hunk {
  size_t a_begin = 0, a_end = 0;
  size_t b_begin = 0, b_end = 0;
  friend bool operator==(const Hunk&, const Hunk&) = default;
};

// The differences, ascending, never adjacent. Shortest edit script (Myers 1986, O(ND)) between
// anchors that occur once on both sides (patience); a gap whose script would cost more than the
// budget is one hunk, so time stays within O((N+M) log(N+M) + budget).
[[nodiscard]] std::vector<Hunk> DiffSequences(std::span<const uint32_t> a,
                                              std::span<const uint32_t> b);

enum class LineKind { kSame, kRemoved, kAdded };

// A run of characters of a line, marked when it is what differs from the other side.
struct Piece {
  std::string text;
  bool is_changed = false;
};

struct DiffLine {
  LineKind kind = LineKind::kSame;
  uint32_t old_line = 0;  // 1-based; 0 for an added line
  uint32_t new_line = 0;  // 1-based; 0 for a removed line
  std::vector<Piece> pieces;
};

// Lines of both texts in reading order, with at most `context` unchanged lines around each change
// (gaps show in the line numbers). Replaced lines are compared word by word. Bytes come out as they
// went in: escaping is for the page. Texts are cut at 1 MiB.
[[nodiscard]] std::vector<DiffLine> DiffTexts(std::string_view old_text, std::string_view new_text,
                                              uint32_t context = 3);

}  // namespace modelwatch::evaluator
