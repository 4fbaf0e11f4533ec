// SPDX-License-Identifier: Apache-2.0
// A guard in front of the HTML parser. Pure.
#pragma once

#include <string>
#include <string_view>

namespace modelwatch::crawler {

// The page without the tags of more than `most` attributes. libxml2 compares every attribute of a
// tag with all before it, so that one tag of 4 MiB would take it an hour; pages that people write
// have a few dozen. Reads tags as libxml2 does. Linear time; empty for a page made to take longer.
[[nodiscard]] std::string WithoutWideTags(std::string_view html, size_t most = 256);

}  // namespace modelwatch::crawler
