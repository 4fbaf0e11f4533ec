// SPDX-License-Identifier: Apache-2.0
// The Link header field (RFC 8288), as far as paging needs it.
#pragma once

#include <string>
#include <vector>

#include "common/http_headers.h"

namespace modelwatch::crawler {

// The targets of every link whose rel holds "next", as written, each once, in order; over all Link
// fields. Malformed links are passed over. At most 16 KiB of a field are read.
[[nodiscard]] std::vector<std::string> NextLinks(const common::HttpHeaders& headers);

}  // namespace modelwatch::crawler
