// SPDX-License-Identifier: Apache-2.0
// What the header of a GGUF file says of its licence. Pure.
//
// GGUF keeps a file's metadata in front of its tensors, the general.* fields first, so that the
// first bytes of a file of any size are enough. Format: github.com/ggml-org/ggml/blob/master/docs/
// gguf.md, versions 1 (lengths of 32 bits) to 3, in either byte order.
#pragma once

#include <cstddef>
#include <string_view>

#include "absl/status/statusor.h"
#include "proto/header_fields.h"

namespace modelwatch::crawler {

// What is asked for by range, at first and at most. The general.* fields take a few hundred bytes;
// behind them stand vocabularies of megabytes, which nobody needs.
inline constexpr size_t kGgufHeadBytes = size_t{64} << 10;
inline constexpr size_t kGgufMaxHeadBytes = size_t{1} << 20;

struct GgufLicence {
  // general.license, .name, .link and general.base_model.*; valid UTF-8.
  proto::HeaderFields fields;
  bool is_whole = false;    // every field was read; false: `head` ended first
  bool wants_more = false;  // `head` ended while the general.* fields were still going on
};

// `head` are the first bytes of the file. INVALID_ARGUMENT: no GGUF of a version that we know, or
// one that contradicts itself. Linear time, nothing is allocated by a length that the file claims.
[[nodiscard]] absl::StatusOr<GgufLicence> ReadGgufLicence(std::string_view head);

}  // namespace modelwatch::crawler
