// SPDX-License-Identifier: Apache-2.0
// Which keys an answer carries, from the query: bare, full, or an explicit expand.
#pragma once

#include <optional>

#include "replay_hub/rows.h"
#include "replay_hub/url_text.h"
#include "replay_hub/world.h"

namespace modelwatch::replay_hub {

// Keys of a listing's row; nullopt when `expand` names one that the server refuses. `expand` wins
// over full, cardData and config.
[[nodiscard]] std::optional<RowKeys> ListKeys(const Query& query, SortField sort);

// Keys of a model's details; nullopt as above.
[[nodiscard]] std::optional<RowKeys> InfoKeys(const Query& query);

}  // namespace modelwatch::replay_hub
