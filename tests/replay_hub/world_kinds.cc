// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/world_kinds.h"

#include "absl/strings/str_format.h"
#include "replay_hub/beside_world.h"
#include "replay_hub/cases_world.h"
#include "replay_hub/exports_2026_world.h"
#include "replay_hub/history_world.h"
#include "replay_hub/snapshot_2022_world.h"
#include "replay_hub/synthetic_world.h"

namespace modelwatch::replay_hub {

const std::vector<WorldKind>& WorldKinds() {
  static const auto& kinds = *new std::vector<WorldKind>{
      {"synthetic", "N", "N made-up releases, the same ones every time", LoadSyntheticWorld},
      {"cases", "", "a small made-up world with every case of the protocol", LoadCasesWorld},
      {"beside", "", "a small made-up world of terms that stand beside a model's texts",
       LoadBesideWorld},
      {"history", "DIR[,LICENCES]", "the recorded history: tables in DIR, corpus texts in LICENCES",
       LoadHistoryWorld},
      {"hf-2022", "FILE", "29,432 model records of 2022-02-15 (models.jsonl.zst)",
       LoadSnapshot2022World},
      {"rekeyed", "N,FILE", "the records of hf-2022 under new keys, until there are N",
       LoadRekeyedWorld},
      {"hf-2026-08", "FILE", "seven exports of 2026-08-19 and 2026-08-20 (radar-history.jsonl.zst)",
       LoadExports2026World},
  };
  return kinds;
}

absl::Status LoadWorldFrom(std::string_view kind_and_argument, World& world) {
  const size_t colon = kind_and_argument.find(':');
  const std::string_view kind = kind_and_argument.substr(0, colon);
  const std::string_view argument =
      colon == std::string_view::npos ? "" : kind_and_argument.substr(colon + 1);
  std::string known;
  for (const WorldKind& candidate : WorldKinds()) {
    if (candidate.name == kind) return candidate.load(argument, world);
    known +=
        absl::StrFormat("%s%s:%s", known.empty() ? "" : ", ", candidate.name, candidate.argument);
  }
  return absl::InvalidArgumentError(
      absl::StrFormat("world \"%s\": unknown kind; known are %s", kind_and_argument, known));
}

}  // namespace modelwatch::replay_hub
