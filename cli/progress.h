// SPDX-License-Identifier: Apache-2.0
// A progress line on the terminal for work that takes a while.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "common/clock.h"

namespace modelwatch::cli {

// One line on standard error that is drawn over. Nothing at all when that is no terminal, nor
// before the work has taken 2 s; then at most ten times a second. Not thread-safe.
class TerminalLine {
 public:
  // `clock` must outlive this.
  explicit TerminalLine(const common::Clock& clock);
  ~TerminalLine();  // removes the line
  TerminalLine(const TerminalLine&) = delete;
  TerminalLine& operator=(const TerminalLine&) = delete;

  [[nodiscard]] bool IsDue() const;
  [[nodiscard]] absl::Duration elapsed() const { return clock_.Now() - started_; }
  // Columns that the line may have.
  [[nodiscard]] static size_t Columns();
  // Leaves the cursor at the line's start, so that a log line writes over it.
  void Draw(std::string_view line);
  void Clear();

 private:
  const common::Clock& clock_;
  const bool is_terminal_;
  const absl::Time started_;
  absl::Time next_draw_;
  bool is_drawn_ = false;
};

// Draws on standard error, only when that is a terminal and the work has taken 2 s:
//
//   [#######-------------]  36 %  12,031 files  4,018/s  103 MB  drivers/gpu/LICENSE
//
// One line that is drawn over and removed at the end, at most ten times a second. Not thread-safe.
class Progress {
 public:
  // `clock` must outlive this.
  explicit Progress(const common::Clock& clock) : line_(clock) {}
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // A file is done. `fraction` of all the work is, 0..1; `path` is the file.
  void Add(uint64_t bytes, double fraction, std::string_view path);

  // To be called before anything else is printed: removes the line until the next Add.
  void Clear() { line_.Clear(); }

 private:
  TerminalLine line_;
  uint64_t files_ = 0;
  uint64_t bytes_ = 0;
  double fraction_ = 0;
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

// How far a crawl is:
//
//   [#######-------------]  36 %  1,082 pages  1,081,532 releases  4,018/s
//
// `listed` is how many releases the hub listed in its last sweep; 0 = not known, and no share is
// drawn: a first sweep does not know its end.
struct CrawlNumbers {
  uint64_t pages = 0;
  uint64_t releases = 0;
  uint64_t listed = 0;
  absl::Duration elapsed;
};
[[nodiscard]] std::string CrawlLine(const CrawlNumbers& numbers, size_t columns);

}  // namespace modelwatch::cli
