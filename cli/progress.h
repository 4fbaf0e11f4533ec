// SPDX-License-Identifier: Apache-2.0
// A progress line on the terminal for work that takes a while.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "common/clock.h"

namespace modelwatch::cli {

// Draws on standard error, only when that is a terminal and the work has taken 2 s:
//
//   [#######-------------]  36 %  12,031 files  4,018/s  103 MB  drivers/gpu/LICENSE
//
// One line that is drawn over and removed at the end, at most ten times a second. Not thread-safe.
class Progress {
 public:
  // `clock` must outlive this.
  explicit Progress(const common::Clock& clock);
  ~Progress();  // removes the line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // A file is done. `fraction` of all the work is, 0..1; `path` is the file.
  void Add(uint64_t bytes, double fraction, std::string_view path);

  // To be called before anything else is printed: removes the line until the next Add.
  void Clear();

 private:
  void Draw(std::string_view path);

  const common::Clock& clock_;
  const bool is_terminal_;
  const absl::Time started_;
  absl::Time next_draw_;
  uint64_t files_ = 0;
  uint64_t bytes_ = 0;
  double fraction_ = 0;
  bool is_drawn_ = false;
};

// The line, without the escape codes; pure, for tests. At most `columns` wide.
struct ProgressNumbers {
  uint64_t files = 0;
  uint64_t bytes = 0;
  double fraction = 0;
  absl::Duration elapsed;
};
[[nodiscard]] std::string ProgressLine(const ProgressNumbers& numbers, std::string_view path,
                                       size_t columns);

}  // namespace modelwatch::cli
