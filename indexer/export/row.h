// SPDX-License-Identifier: Apache-2.0
// Row: the values of one row of a table, in the order of its columns, between the record they are
// taken from and the writer of a format. No heavy headers: the Parquet writer is compiled apart.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace modelwatch::indexer {

// One value; which of the fields counts is said by the column's type. Reused from row to row, so
// that the lists keep their room. Texts are borrowed from the record, or kept by Own().
class Cell {
 public:
  bool is_null = true;
  int64_t integer = 0;  // INTEGER, TIME (microseconds since 1970, UTC), BOOLEAN (0 or 1)
  double real = 0;
  std::string_view text;
  std::vector<std::string_view> texts;  // a list of TEXT
  std::vector<int64_t> integers;        // a list of INTEGER

  void Clear() {
    is_null = true;
    texts.clear();
    integers.clear();
    kept_.clear();
  }
  void Text(std::string_view value) {
    is_null = false;
    text = value;
  }
  // Empty is null.
  void TextIfAny(std::string_view value) {
    if (!value.empty()) Text(value);
  }
  void OwnText(std::string value) { Text(Own(std::move(value))); }
  void Integer(int64_t value) {
    is_null = false;
    integer = value;
  }
  // Sequences fit: a log of 2^63 entries is not written in anybody's time.
  void Sequence(uint64_t value) {
    if (value != 0) Integer(static_cast<int64_t>(value));
  }
  // 0 is null.
  void Time(int64_t micros) {
    if (micros != 0) Integer(micros);
  }
  void Boolean(bool value) { Integer(value ? 1 : 0); }
  void Real(double value) {
    is_null = false;
    real = value;
  }
  void AddText(std::string_view value) { texts.push_back(value); }
  void AddOwnText(std::string value) { texts.push_back(Own(std::move(value))); }
  void AddInteger(int64_t value) { integers.push_back(value); }

 private:
  std::string_view Own(std::string value) { return kept_.emplace_back(std::move(value)); }

  std::deque<std::string> kept_;  // a deque: what is in it stays where it is
};

using Row = std::vector<Cell>;

}  // namespace modelwatch::indexer
