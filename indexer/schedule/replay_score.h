// SPDX-License-Identifier: Apache-2.0
// ReplayMeter: keeps the score of a replay. One thread; a value.
#pragma once

#include <cstddef>
#include <vector>

#include "indexer/schedule/replay.h"

namespace modelwatch::indexer {

class ReplayMeter {
 public:
  // `trace` must outlive this.
  ReplayMeter(const Trace& trace, double warm_up_days);

  struct Found {
    size_t changes = 0;
    double newest_day = 0;
  };
  // Looks at a release; the days of one release must not go back. A visit at the end of the trace
  // or later only tells when the changes before it would have been seen, and costs nothing.
  Found Visit(size_t release, double day);
  // `requests` for listing pages at `day`.
  void Poll(size_t requests, double day);

  [[nodiscard]] bool HasUnseen(size_t release) const;

  // What nobody saw counts up to the end. Once.
  [[nodiscard]] Score Finish();

 private:
  void AddDelay(size_t release, double change_day, double seen_day);

  const Trace& trace_;
  const double from_;
  std::vector<size_t> next_;   // of each release: its first change that was not seen
  std::vector<float> delays_;  // days
  double stale_ = 0;           // weighted days
  double weighted_delay_ = 0;
  double delay_weight_ = 0;
  Score score_;
};

}  // namespace modelwatch::indexer
