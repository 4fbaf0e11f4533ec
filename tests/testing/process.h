// SPDX-License-Identifier: Apache-2.0
// A program started by a test: its output is kept, it is always ended, by its own id.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "testing/temp_dir.h"

namespace modelwatch::testing {

struct ProcessOptions {
  std::vector<std::string> environment;  // "NAME=value", added to ours
  std::string working_directory;         // empty = ours
};

// One started program. Not thread-safe. The destructor kills what still runs.
class Process {
 public:
  // `command[0]` is a path or a name on PATH. NOT_FOUND when it cannot be started.
  [[nodiscard]] static absl::StatusOr<Process> Start(const std::vector<std::string>& command,
                                                     const ProcessOptions& options = {});
  Process(Process&& other) noexcept;
  Process& operator=(Process&&) = delete;
  ~Process();

  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] bool running();

  // Waits until the output so far (of both streams) holds `words`; the line they stand in.
  // DEADLINE_EXCEEDED with the output's end when `timeout` passes or the program ends first.
  [[nodiscard]] absl::StatusOr<std::string> WaitForLine(std::string_view words,
                                                        absl::Duration timeout);

  void Signal(int signal);
  // Waits for the end; the exit code, or 128 + signal. DEADLINE_EXCEEDED: still running.
  [[nodiscard]] absl::StatusOr<int> Wait(absl::Duration timeout);

  // Everything written so far.
  [[nodiscard]] std::string out() const;
  [[nodiscard]] std::string err() const;

 private:
  Process() = default;
  pid_t pid_ = -1;
  int exit_code_ = -1;
  std::unique_ptr<TempDir> files_;  // holds the two output files
};

// Runs to the end. Kills it and returns DEADLINE_EXCEEDED when `timeout` passes.
struct Ended {
  int exit_code = -1;
  std::string out;
  std::string err;
};
[[nodiscard]] absl::StatusOr<Ended> RunProcess(const std::vector<std::string>& command,
                                               absl::Duration timeout = absl::Seconds(60),
                                               const ProcessOptions& options = {});

}  // namespace modelwatch::testing
