// SPDX-License-Identifier: Apache-2.0
#include "cli/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "absl/strings/str_format.h"
#include "common/log.h"

namespace modelwatch::cli {
namespace {

constexpr absl::Duration kQuiet = absl::Seconds(2);
constexpr absl::Duration kInterval = absl::Milliseconds(100);
constexpr size_t kBarColumns = 20;

size_t TerminalColumns() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 20) return 80;
  return size.ws_col;
}

std::string WithCommas(uint64_t number) {
  std::string digits = absl::StrFormat("%d", number);
  for (size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

// Wide characters count twice, so that the line never wraps; escape codes cannot come in.
std::string EndOf(std::string_view path, size_t columns) {
  const std::string safe = common::OneLine(path, 4096);
  size_t begin = safe.size();
  size_t used = 0;
  while (begin > 0) {
    size_t at = begin - 1;
    while (at > 0 && (static_cast<uint8_t>(safe[at]) & 0xC0) == 0x80) --at;
    const size_t width = begin - at >= 3 ? 2 : 1;
    if (used + width > columns) break;
    used += width;
    begin = at;
  }
  return safe.substr(begin);
}

std::string Bar(double fraction) {
  const double share = std::clamp(fraction, 0.0, 1.0);
  const auto filled = static_cast<size_t>(share * kBarColumns);
  return absl::StrFormat("[%s%s] %3.0f %%", std::string(filled, '#'),
                         std::string(kBarColumns - filled, '-'), share * 100);
}

}  // namespace

std::string ProgressLine(const ProgressNumbers& numbers, std::string_view path, size_t columns) {
  const double seconds = std::max(absl::ToDoubleSeconds(numbers.elapsed), 1e-3);
  std::string line = absl::StrFormat(
      "%s  %s files  %s/s  %.0f MB  ", Bar(numbers.fraction), WithCommas(numbers.files),
      WithCommas(static_cast<uint64_t>(static_cast<double>(numbers.files) / seconds)),
      static_cast<double>(numbers.bytes) / 1e6);
  if (line.size() >= columns) return line.substr(0, columns);
  return line + EndOf(path, columns - line.size());
}

std::string CrawlLine(const CrawlNumbers& numbers, size_t columns) {
  const double seconds = std::max(absl::ToDoubleSeconds(numbers.elapsed), 1e-3);
  std::string line;
  if (numbers.listed > 0) {
    const double share =
        std::min(1.0, static_cast<double>(numbers.releases) / static_cast<double>(numbers.listed));
    line = Bar(share) + "  ";
  }
  line += absl::StrFormat(
      "%s pages  %s releases  %s/s", WithCommas(numbers.pages), WithCommas(numbers.releases),
      WithCommas(static_cast<uint64_t>(static_cast<double>(numbers.releases) / seconds)));
  return line.substr(0, columns);
}

TerminalLine::TerminalLine(const common::Clock& clock)
    : clock_(clock),
      is_terminal_(isatty(STDERR_FILENO) == 1),
      started_(clock.Now()),
      next_draw_(started_ + kQuiet) {}

TerminalLine::~TerminalLine() { Clear(); }

bool TerminalLine::IsDue() const { return is_terminal_ && clock_.Now() >= next_draw_; }

size_t TerminalLine::Columns() { return TerminalColumns() - 1; }

void TerminalLine::Draw(std::string_view line) {
  absl::FPrintF(stderr, "\r\033[K%s\r", line);
  std::fflush(stderr);
  next_draw_ = clock_.Now() + kInterval;
  is_drawn_ = true;
}

void TerminalLine::Clear() {
  if (!is_drawn_) return;
  absl::FPrintF(stderr, "\r\033[K");
  is_drawn_ = false;
}

void Progress::Add(uint64_t bytes, double fraction, std::string_view path) {
  ++files_;
  bytes_ += bytes;
  fraction_ = std::max(fraction_, fraction);
  if (!line_.IsDue()) return;
  line_.Draw(ProgressLine({files_, bytes_, fraction_, line_.elapsed()}, path, line_.Columns()));
}

}  // namespace modelwatch::cli
