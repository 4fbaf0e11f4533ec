// SPDX-License-Identifier: Apache-2.0
// Pointers: the small texts that stand in git for contents kept elsewhere. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace modelwatch::crawler {

// What a pointer stands for. `hash` is lower-case hexadecimal: the SHA-256 of the content for Git
// LFS, the Merkle hash for Xet.
struct Pointer {
  enum class Kind { kLfs, kXet };
  Kind kind = Kind::kLfs;
  std::string hash;
  uint64_t size = 0;  // bytes of the content
};

// Nothing when the text is no pointer. Git LFS: github.com/git-lfs/git-lfs/blob/main/docs/spec.md,
// at most 1024 bytes, keys in any order; the version line first, older version addresses included.
// Xet: "# xet version 0", then filesize and hash.
[[nodiscard]] std::optional<Pointer> ParsePointer(std::string_view text);

}  // namespace modelwatch::crawler
