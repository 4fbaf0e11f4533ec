// SPDX-License-Identifier: Apache-2.0
// JSON strings by hand, for the few places where a library would cost the hub its speed.
#pragma once

#include <string>
#include <string_view>

namespace modelwatch::replay_hub {

// Appends `text` with quotes. Bytes that are not UTF-8 pass through unchanged: a world may hold
// them on purpose.
void AppendJsonString(std::string_view text, std::string& out);

[[nodiscard]] std::string JsonString(std::string_view text);

}  // namespace modelwatch::replay_hub
