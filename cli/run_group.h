// SPDX-License-Identifier: Apache-2.0
// RunGroup: the loops of one process, started together and stopped together.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/stopper.h"

namespace modelwatch::cli {

// Each loop runs on a thread of its own until the shared Stopper stops. A loop that ends with an
// error, SIGINT or SIGTERM stops the others. Used by one thread.
class RunGroup {
 public:
  // Blocks SIGINT and SIGTERM for this thread and those it starts: make it before any thread.
  RunGroup();
  RunGroup(const RunGroup&) = delete;
  RunGroup& operator=(const RunGroup&) = delete;

  [[nodiscard]] common::Stopper& stopper() { return stopper_; }

  // `loop` must return soon after `stopper` stops.
  void Add(std::string name, std::function<absl::Status()> loop);

  // Runs all loops until a signal, or one fails, or all have returned; joins them; the first error.
  [[nodiscard]] absl::Status Run();

 private:
  struct Loop {
    std::string name;
    std::function<absl::Status()> run;
  };

  common::Stopper stopper_;
  std::vector<Loop> loops_;
};

}  // namespace modelwatch::cli
