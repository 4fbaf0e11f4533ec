// SPDX-License-Identifier: Apache-2.0
// 29,432 model records of the Hugging Face Hub as its API gave them on 2022-02-15, with their
// cards.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "replay_hub/world.h"

namespace modelwatch::replay_hub {

// `argument` is the path of models.jsonl.zst (or .jsonl.zst of the same form: {id, infos, readme}).
//
// What the records lack is made up in a stable way:
//   createdAt  the hub's floor 2022-03-02T23:29:04Z + one second for every 30 records, in file
//   order
//              (the real hub gave all of these the floor; so many ties would hide no fault of
//              paging)
//   _id        DeriveReleaseId(name, createdAt)
// sha, lastModified, tags, pipeline_tag, library_name, downloads, likes, private are the record's.
// cardData is the card's front matter; absent when that is broken or never ends. README.md has the
// card's bytes, and is absent when the record says that it does not exist. Of the other siblings
// only the names are known: licence-like ones stand outside git (so nobody asks for bytes that
// nobody has), the rest have a derived oid and no content.
// NOT_FOUND, DATA_LOSS, and INVALID_ARGUMENT with the number of the line.
[[nodiscard]] absl::Status LoadSnapshot2022World(std::string_view argument, World& world);

// The same records again and again until there are N: `argument` is "N,FILE". From the second round
// on a release has the round at the end of its name, and an `_id` and a sha of its own, and is made
// when it is asked for (rekeyed_releases.h); its card is the recorded one, so that texts repeat
// more often than on the hub.
[[nodiscard]] absl::Status LoadRekeyedWorld(std::string_view argument, World& world);

}  // namespace modelwatch::replay_hub
