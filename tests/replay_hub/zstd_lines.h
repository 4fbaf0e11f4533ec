// SPDX-License-Identifier: Apache-2.0
// Lines of a zstd-compressed text file, streamed: the recorded data is JSON Lines in this form.
#pragma once

#include <filesystem>
#include <functional>
#include <string_view>

#include "absl/status/status.h"

namespace modelwatch::replay_hub {

// Calls `take` with every line, without its end. The view lives for the call alone; it is followed
// by at least 64 readable bytes, which simdjson wants. Stops at the first error that `take`
// returns. Reads frames with a window of up to 128 MiB (`zstd --long=27`). NOT_FOUND when the file
// cannot be opened, DATA_LOSS when its bytes do not decompress or end early.
[[nodiscard]] absl::Status ForEachLine(const std::filesystem::path& path,
                                       const std::function<absl::Status(std::string_view)>& take);

}  // namespace modelwatch::replay_hub
