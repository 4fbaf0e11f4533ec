// SPDX-License-Identifier: Apache-2.0
// A small made-up world of terms that stand beside a model's own texts.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "replay_hub/world.h"

namespace modelwatch::replay_hub {

// Adds, whatever `argument` says:
//
//   acme/gguf         two GGUF files outside git: cc-by-nc-4.0, where the card says mit
//   acme/gguf-copy    the first of them again
//   acme/gguf-silent  a header without a licence
//   acme/gguf-v1      version 1, licence mit
//   acme/gguf-big     big-endian, licence mit
//   acme/gguf-long    200 KB of general fields before the licence, mit
//   acme/gguf-cut     it ends inside its header
//   acme/gguf-magic   what it is not
//   acme/gguf-lies    counts and lengths of 2^64
//   acme/lfs          LICENSE of 11 KB outside git
//   acme/lfs-false    the same, where the storage serves something else
//   acme/lfs-huge     LICENSE of 5 MB outside git
//   acme/pdf          LICENSE.pdf
//   datasets/acme/data, datasets/plain   licences cc-by-4.0 and odbl, with LICENSE
//   spaces/acme/demo                     a space, licence mit
//
// all with the same NOTICE, and one moment, 2026-03-02T00:00:00Z: datasets/acme/data becomes
// datasets/acme/renamed.
[[nodiscard]] absl::Status LoadBesideWorld(std::string_view argument, World& world);

// A PDF of one page that shows `text`, which holds no brackets or backslashes; without any text for
// "". Written by hand.
[[nodiscard]] std::string MadeUpPdf(std::string_view text);

}  // namespace modelwatch::replay_hub
