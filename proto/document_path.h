// SPDX-License-Identifier: Apache-2.0
// Paths of documents outside a release among its files: "https:host/path". A hub that allows such a
// folder inside a repository could show a file as one; what it says counts alike.
#pragma once

#include <string>
#include <string_view>

namespace modelwatch::proto {

[[nodiscard]] bool IsDocumentPath(std::string_view path);

// "https://host/path", for people to follow; `path` itself when it is no document's.
[[nodiscard]] std::string DocumentAddress(std::string_view path);

}  // namespace modelwatch::proto
