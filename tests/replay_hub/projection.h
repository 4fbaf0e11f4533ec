// SPDX-License-Identifier: Apache-2.0
// Which keys an answer carries, from the query: bare, full, or an explicit expand.
#pragma once

#include <optional>

#include "replay_hub/rows.h"
#include "replay_hub/url_text.h"
#include "replay_hub/world.h"

namespace modelwatch::replay_hub {

// What `expand` may name in a listing or in details of a kind.
[[nodiscard]] const std::vector<std::string_view>& ListNames(std::string_view kind);
[[nodiscard]] const std::vector<std::string_view>& InfoNames(std::string_view kind);

// Keys of a listing's row; nullopt when `expand` names one that the server refuses. `expand` wins
// over full, cardData and config.
[[nodiscard]] std::optional<RowKeys> ListKeys(const Query& query, SortField sort,
                                              std::string_view kind);

// Keys of a release's details; nullopt as above.
[[nodiscard]] std::optional<RowKeys> InfoKeys(const Query& query, std::string_view kind);

}  // namespace modelwatch::replay_hub
