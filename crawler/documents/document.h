// SPDX-License-Identifier: Apache-2.0
// A document outside a release, as words. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/url.h"
#include "crawler/documents/html_text.h"

namespace modelwatch::crawler {

struct Document {
  std::string text;                   // a text as served; of a page, its words
  std::vector<common::Url> policies;  // use policies that it names
};

// `bytes` were served as `content_type` (may be empty; what the bytes look like counts more) from
// `address`. Of a page its words are kept and not its bytes, which differ with every visit.
// INVALID_ARGUMENT, in words for a log: neither text nor page, a pointer to a content elsewhere, or
// a page without words.
[[nodiscard]] absl::StatusOr<Document> ReadDocument(std::string_view bytes,
                                                    std::string_view content_type,
                                                    const common::Url& address);

}  // namespace modelwatch::crawler
