// SPDX-License-Identifier: Apache-2.0
// Seven exports of about 13,300 model records of the Hugging Face Hub, 2026-08-19 and 2026-08-20.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "replay_hub/world.h"

namespace modelwatch::replay_hub {

// `argument` is the path of radar-history.jsonl.zst: {path, commit, date, status, text}, in order
// of date; `text` is a JSON record with renamed fields. What the data holds, and which of its
// changes mean something: docs/decisions (the exports of 2026-08).
//
// The first export is the world at the start; each later one is one moment, at its date. Fields are
// renamed back: created_at, updated_at (lastModified), library, trending_score, downloads_30d.
//   licence    the raw `license:` tags; `license` gives license_name beside `license:other`,
//   nothing
//              else: the exporter carries it over from older records
//   gated      true is shown as "auto": the exporter does not say which
//   removed, status D  the release is deleted; it is restored when it is back with the same
//              created_at, and is another release (new `_id`, same name) when that is later
//   sha        derived from name, updated_at and the declared licence
// The card is made of these facts. NOT_FOUND, DATA_LOSS, and INVALID_ARGUMENT with the line.
[[nodiscard]] absl::Status LoadExports2026World(std::string_view argument, World& world);

}  // namespace modelwatch::replay_hub
