// SPDX-License-Identifier: Apache-2.0
// A program that is given bytes and may only compute.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace modelwatch::crawler {

struct Confinement {
  uint64_t cpu_seconds = 10;
  uint64_t memory_bytes = uint64_t{1} << 30;  // of addresses, libraries included
  uint64_t output_bytes = uint64_t{1} << 20;  // more, and it is killed by SIGXFSZ
};

// The caller waits for `pid` and closes `output`, an anonymous file that holds what it printed.
struct ConfinedProcess {
  pid_t pid = -1;
  int output = -1;
};

// Exit codes of the child when the program could not be started.
inline constexpr int kNotConfined = 125;
inline constexpr int kNoProgram = 127;

// Starts `command` (an absolute path first) with `input` as its standard input. It has no
// environment of ours, no file descriptor but the standard ones, no way to make a socket or another
// process, to signal or trace one, or to open a file for writing; it is killed with the thread that
// calls this. It can read what this user can. FAILED_PRECONDITION: no process or no memory.
[[nodiscard]] absl::StatusOr<ConfinedProcess> StartConfined(const std::vector<std::string>& command,
                                                            std::string_view input,
                                                            const Confinement& confinement);

}  // namespace modelwatch::crawler
