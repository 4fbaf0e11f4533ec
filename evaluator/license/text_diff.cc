// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/text_diff.h"

#include <algorithm>
#include <unordered_map>

#include "absl/container/flat_hash_map.h"

namespace modelwatch::evaluator {
namespace {

using Sequence = std::span<const uint32_t>;

// Edits a single gap may cost before it is taken as replaced whole: its script needs
// (kMaxEdits + 1)^2 / 2 stored positions, about 8 MiB.
constexpr int kMaxEdits = 1500;
constexpr int kMaxAnchorDepth = 12;
// Steps of Myers over all gaps of one comparison.
constexpr int64_t kBudget = 20'000'000;
constexpr size_t kMaxDiffBytes = 1 << 20;

struct Range {
  size_t a_begin, a_end, b_begin, b_end;
};

class Differ {
 public:
  Differ(Sequence a, Sequence b) : a_(a), b_(b) {}

  std::vector<Hunk> Run() {
    Solve({0, a_.size(), 0, b_.size()}, 0);
    return std::move(hunks_);
  }

 private:
  void Emit(Range r) {
    if (r.a_begin == r.a_end && r.b_begin == r.b_end) return;
    if (!hunks_.empty() && hunks_.back().a_end == r.a_begin && hunks_.back().b_end == r.b_begin) {
      hunks_.back().a_end = r.a_end;
      hunks_.back().b_end = r.b_end;
      return;
    }
    hunks_.push_back({r.a_begin, r.a_end, r.b_begin, r.b_end});
  }

  void Solve(Range r, int depth) {
    while (r.a_begin < r.a_end && r.b_begin < r.b_end && a_[r.a_begin] == b_[r.b_begin]) {
      ++r.a_begin, ++r.b_begin;
    }
    while (r.a_begin < r.a_end && r.b_begin < r.b_end && a_[r.a_end - 1] == b_[r.b_end - 1]) {
      --r.a_end, --r.b_end;
    }
    if (r.a_begin == r.a_end || r.b_begin == r.b_end) return Emit(r);
    const auto anchors =
        depth < kMaxAnchorDepth ? Anchors(r) : std::vector<std::pair<size_t, size_t>>();
    if (anchors.empty()) return Myers(r);
    size_t a = r.a_begin, b = r.b_begin;
    for (const auto& [anchor_a, anchor_b] : anchors) {
      Solve({a, anchor_a, b, anchor_b}, depth + 1);
      a = anchor_a + 1;
      b = anchor_b + 1;
    }
    Solve({a, r.a_end, b, r.b_end}, depth + 1);
  }

  // Elements that occur once on each side, as the longest chain ascending on both (patience).
  std::vector<std::pair<size_t, size_t>> Anchors(const Range& r) {
    struct Seen {
      size_t a = 0, b = 0;
      uint32_t in_a = 0, in_b = 0;
    };
    absl::flat_hash_map<uint32_t, Seen> seen;
    for (size_t i = r.a_begin; i < r.a_end; ++i) {
      Seen& s = seen[a_[i]];
      s.a = i;
      ++s.in_a;
    }
    for (size_t i = r.b_begin; i < r.b_end; ++i) {
      const auto it = seen.find(b_[i]);
      if (it == seen.end()) continue;
      it->second.b = i;
      ++it->second.in_b;
    }
    std::vector<std::pair<size_t, size_t>> pairs;
    for (size_t i = r.a_begin; i < r.a_end; ++i) {
      const Seen& s = seen[a_[i]];
      if (s.in_a == 1 && s.in_b == 1) pairs.emplace_back(i, s.b);
    }
    return LongestAscending(pairs);
  }

  static std::vector<std::pair<size_t, size_t>> LongestAscending(
      const std::vector<std::pair<size_t, size_t>>& pairs) {
    std::vector<size_t> tails, before(pairs.size(), SIZE_MAX);
    for (size_t i = 0; i < pairs.size(); ++i) {
      const auto at = std::lower_bound(tails.begin(), tails.end(), pairs[i].second,
                                       [&](size_t t, size_t b) { return pairs[t].second < b; });
      if (at != tails.begin()) before[i] = *(at - 1);
      if (at == tails.end()) {
        tails.push_back(i);
      } else {
        *at = i;
      }
    }
    std::vector<std::pair<size_t, size_t>> chain;
    for (size_t i = tails.empty() ? SIZE_MAX : tails.back(); i != SIZE_MAX; i = before[i]) {
      chain.push_back(pairs[i]);
    }
    std::reverse(chain.begin(), chain.end());
    return chain;
  }

  // Greedy forward Myers, keeping each round's furthest points to walk back on.
  void Myers(const Range& r) {
    const int n = static_cast<int>(r.a_end - r.a_begin);
    const int m = static_cast<int>(r.b_end - r.b_begin);
    const int most = std::min(n + m, kMaxEdits);
    std::vector<int> v(static_cast<size_t>(2 * most + 3), 0);
    std::vector<std::vector<int>> rounds;
    const int offset = most + 1;
    for (int d = 0; d <= most; ++d) {
      rounds.emplace_back(v.begin() + offset - d, v.begin() + offset + d + 1);
      for (int k = -d; k <= d; k += 2) {
        const size_t at = static_cast<size_t>(offset + k);
        int x = (k == -d || (k != d && v[at - 1] < v[at + 1])) ? v[at + 1] : v[at - 1] + 1;
        int y = x - k;
        while (x < n && y < m &&
               a_[r.a_begin + static_cast<size_t>(x)] == b_[r.b_begin + static_cast<size_t>(y)]) {
          ++x, ++y, ++spent_;
        }
        v[at] = x;
        ++spent_;
        if (x >= n && y >= m) return WalkBack(r, rounds, d);
      }
      if (spent_ > kBudget) break;
    }
    Emit(r);
  }

  void WalkBack(const Range& r, const std::vector<std::vector<int>>& rounds, int d) {
    std::vector<Range> edits;
    int x = static_cast<int>(r.a_end - r.a_begin);
    int y = static_cast<int>(r.b_end - r.b_begin);
    for (; d > 0; --d) {
      const std::vector<int>& v =
          rounds[static_cast<size_t>(d)];  // before round d: diagonals -d..d
      const auto reach = [&](int k) { return v[static_cast<size_t>(k + d)]; };
      const int k = x - y;
      const bool is_insert = k == -d || (k != d && reach(k - 1) < reach(k + 1));
      const int from_k = is_insert ? k + 1 : k - 1;
      const int from_x = reach(from_k);
      const int from_y = from_x - from_k;
      const size_t ax = r.a_begin + static_cast<size_t>(from_x);
      const size_t by = r.b_begin + static_cast<size_t>(from_y);
      edits.push_back(is_insert ? Range{ax, ax, by, by + 1} : Range{ax, ax + 1, by, by});
      x = from_x;
      y = from_y;
    }
    for (auto it = edits.rbegin(); it != edits.rend(); ++it) Emit(*it);
  }

  Sequence a_, b_;
  std::vector<Hunk> hunks_;
  int64_t spent_ = 0;
};

// Numbers for strings: equal strings get equal numbers on both sides.
class Numbers {
 public:
  uint32_t Of(std::string_view text) {
    return numbers_.try_emplace(text, static_cast<uint32_t>(numbers_.size())).first->second;
  }

 private:
  std::unordered_map<std::string_view, uint32_t> numbers_;
};

std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  text = text.substr(0, kMaxDiffBytes);
  while (!text.empty()) {
    const size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    lines.push_back(line);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return lines;
}

bool IsWordByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         (static_cast<unsigned char>(c) & 0x80) != 0;
}

std::vector<std::string_view> Words(std::string_view line) {
  std::vector<std::string_view> words;
  for (size_t i = 0; i < line.size();) {
    size_t end = i + 1;
    if (IsWordByte(line[i])) {
      while (end < line.size() && IsWordByte(line[end])) ++end;
    }
    words.push_back(line.substr(i, end - i));
    i = end;
  }
  return words;
}

std::vector<uint32_t> NumbersOf(const std::vector<std::string_view>& items, Numbers& numbers) {
  std::vector<uint32_t> out;
  out.reserve(items.size());
  for (std::string_view item : items) out.push_back(numbers.Of(item));
  return out;
}

void AddPiece(std::vector<Piece>& pieces, std::string_view text, bool is_changed) {
  if (!pieces.empty() && pieces.back().is_changed == is_changed) {
    pieces.back().text += text;
  } else {
    pieces.push_back({std::string(text), is_changed});
  }
}

// The words of one side of a replaced block, line by line, changed ones marked.
struct Block {
  std::vector<std::string_view> words;
  std::vector<size_t> line_of;

  Block(const std::vector<std::string_view>& lines, size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      for (std::string_view word : Words(lines[i])) {
        words.push_back(word);
        line_of.push_back(i);
      }
    }
  }
};

void AddLines(std::vector<DiffLine>& out, const std::vector<std::string_view>& lines, size_t begin,
              size_t end, const Block& block, const std::vector<bool>& is_changed, LineKind kind) {
  size_t word = 0;
  for (size_t i = begin; i < end; ++i) {
    DiffLine line;
    line.kind = kind;
    (kind == LineKind::kRemoved ? line.old_line : line.new_line) = static_cast<uint32_t>(i + 1);
    if (lines[i].empty()) AddPiece(line.pieces, "", true);
    for (; word < block.words.size() && block.line_of[word] == i; ++word) {
      AddPiece(line.pieces, block.words[word], is_changed[word]);
    }
    out.push_back(std::move(line));
  }
}

void AddBlock(std::vector<DiffLine>& out, const std::vector<std::string_view>& old_lines,
              const std::vector<std::string_view>& new_lines, const Hunk& hunk) {
  const Block before(old_lines, hunk.a_begin, hunk.a_end);
  const Block after(new_lines, hunk.b_begin, hunk.b_end);
  std::vector<bool> removed(before.words.size(), false), added(after.words.size(), false);
  Numbers numbers;
  const auto a = NumbersOf(before.words, numbers);
  const auto b = NumbersOf(after.words, numbers);
  for (const Hunk& words : DiffSequences(a, b)) {
    for (size_t i = words.a_begin; i < words.a_end; ++i) removed[i] = true;
    for (size_t i = words.b_begin; i < words.b_end; ++i) added[i] = true;
  }
  AddLines(out, old_lines, hunk.a_begin, hunk.a_end, before, removed, LineKind::kRemoved);
  AddLines(out, new_lines, hunk.b_begin, hunk.b_end, after, added, LineKind::kAdded);
}

void AddSame(std::vector<DiffLine>& out, const std::vector<std::string_view>& old_lines,
             size_t old_begin, size_t old_end, size_t new_begin) {
  for (size_t i = old_begin; i < old_end; ++i) {
    DiffLine line;
    line.old_line = static_cast<uint32_t>(i + 1);
    line.new_line = static_cast<uint32_t>(new_begin + (i - old_begin) + 1);
    line.pieces.push_back({std::string(old_lines[i]), false});
    out.push_back(std::move(line));
  }
}

}  // namespace

std::vector<Hunk> DiffSequences(std::span<const uint32_t> a, std::span<const uint32_t> b) {
  return Differ(a, b).Run();
}

std::vector<DiffLine> DiffTexts(std::string_view old_text, std::string_view new_text,
                                uint32_t context) {
  const auto old_lines = Lines(old_text);
  const auto new_lines = Lines(new_text);
  Numbers numbers;
  const auto a = NumbersOf(old_lines, numbers);
  const auto b = NumbersOf(new_lines, numbers);
  const std::vector<Hunk> hunks = DiffSequences(a, b);
  std::vector<DiffLine> out;
  size_t shown = 0;  // old lines below this are out already
  for (size_t i = 0; i < hunks.size(); ++i) {
    const Hunk& hunk = hunks[i];
    const size_t from = hunk.a_begin - std::min<size_t>(context, hunk.a_begin - shown);
    AddSame(out, old_lines, from, hunk.a_begin, hunk.b_begin - (hunk.a_begin - from));
    AddBlock(out, old_lines, new_lines, hunk);
    const size_t next = i + 1 < hunks.size() ? hunks[i + 1].a_begin : old_lines.size();
    const size_t to = hunk.a_end + std::min<size_t>(context, next - hunk.a_end);
    AddSame(out, old_lines, hunk.a_end, to, hunk.b_end);
    shown = to;
  }
  return out;
}

}  // namespace modelwatch::evaluator
