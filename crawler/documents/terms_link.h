// SPDX-License-Identifier: Apache-2.0
// Addresses at which terms stand outside a release. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/url.h"
#include "crawler/documents/html_text.h"

namespace modelwatch::crawler {

// More policies than this are not read of one licence: real ones incorporate one, rarely two.
inline constexpr size_t kMaxPolicies = 4;

// The http(s) address that a `license_link` holds; nothing for a path, or for what is no address.
// What shows a text inside a page leads to the text itself: /blob/ of a hub and of GitHub.
[[nodiscard]] std::optional<common::Url> LicenceAddress(std::string_view license_link);

// The use policies that a licence names: addresses in its text and links of its page whose own
// words, or the words around them, say "use policy", "acceptable use" or "prohibited use". In
// order, without repeats, at most kMaxPolicies; never `own`, the licence's own address.
[[nodiscard]] std::vector<common::Url> PolicyAddresses(std::string_view text,
                                                       const std::vector<PageLink>& links,
                                                       const common::Url& own);

// The path under which a document outside a release stands among its files: "https:host/path", at
// most 512 bytes, no empty or dot segment, no query, which nothing inside a repository can be
// taken for. Nothing when no such path can be made.
[[nodiscard]] std::optional<std::string> DocumentPath(const common::Url& address);

}  // namespace modelwatch::crawler
