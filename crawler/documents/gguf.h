// SPDX-License-Identifier: Apache-2.0
// What the header of a GGUF file says of its licence. Pure.
//
// GGUF keeps a file's metadata in front of its tensors, the general.* fields first, so that the
// first bytes of a file of any size are enough. Format: github.com/ggml-org/ggml/blob/master/docs/
// gguf.md, versions 2 and 3, little-endian.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace modelwatch::crawler {

// What is asked for by range. The general.* fields take a few hundred bytes; behind them stand
// vocabularies of megabytes, which nobody needs.
inline constexpr size_t kGgufHeadBytes = size_t{64} << 10;

struct GgufLicence {
  std::string licence;    // general.license: an SPDX expression, a tag or a whole text
  std::string name;       // general.license.name
  std::string link;       // general.license.link
  bool is_whole = false;  // every field was read; false: `head` ended first

  [[nodiscard]] bool is_empty() const { return licence.empty() && name.empty() && link.empty(); }
};

// `head` are the first bytes of the file. Texts are valid UTF-8. INVALID_ARGUMENT: no GGUF of a
// version that we know, or one that contradicts itself. Linear time, nothing is allocated by a
// length that the file claims.
[[nodiscard]] absl::StatusOr<GgufLicence> ReadGgufLicence(std::string_view head);

}  // namespace modelwatch::crawler
