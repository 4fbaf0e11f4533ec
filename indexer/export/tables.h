// SPDX-License-Identifier: Apache-2.0
// Tables: what an export holds, as tables.textproto says: the one source of the writers' columns,
// the data dictionary, the dataset card and the Croissant description.
#pragma once

#include <string>
#include <string_view>

#include "modelwatch/v1/export.pb.h"

namespace modelwatch::indexer {

// The tables that this program writes. Never changes while it runs.
[[nodiscard]] const v1::ExportSchema& ExportTables();

// Null when there is none of that name.
[[nodiscard]] const v1::ExportTable* FindTable(std::string_view name);

// "releases, observations, ...": for messages.
[[nodiscard]] std::string TableNames();

}  // namespace modelwatch::indexer
