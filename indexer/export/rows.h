// SPDX-License-Identifier: Apache-2.0
// Rows: what one record looks like in each table of an export. Pure.
//
// JSON Lines rows are proto/json.h's; CSV rows are the flat part of the same record. The columns
// are a contract: only adding at the end is allowed.
#pragma once

#include <string>
#include <vector>

#include "modelwatch/v1/alert.pb.h"
#include "modelwatch/v1/assessment.pb.h"
#include "modelwatch/v1/change.pb.h"

namespace modelwatch::indexer {

enum class ExportFormat { kJsonl, kCsv };

// Header line of a table ("releases", "changes", "assessments", "alerts"); "" for JSON Lines.
[[nodiscard]] std::string HeaderRow(ExportFormat format, const std::string& table);

// One record with its line end.
[[nodiscard]] std::string Row(ExportFormat format, const v1::Version& version);
[[nodiscard]] std::string Row(ExportFormat format, const v1::Change& change);
[[nodiscard]] std::string Row(ExportFormat format, const v1::Assessment& assessment);
[[nodiscard]] std::string Row(ExportFormat format, const v1::Alert& alert);

}  // namespace modelwatch::indexer
