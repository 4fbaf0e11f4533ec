// SPDX-License-Identifier: Apache-2.0
// Addresses in a BOM: of a release and its files, and what a publisher wrote, made safe.
#pragma once

#include <string>
#include <string_view>

#include "modelwatch/v1/observation.pb.h"

namespace modelwatch::evaluator {

// `text` of a publisher as it stands in a BOM: one line, at most 512 bytes.
[[nodiscard]] std::string Plain(std::string_view text);

// "https://huggingface.co/owner/name".
[[nodiscard]] std::string ReleaseAddress(const std::string& endpoint, const std::string& name);
// ... at the commit that was seen, when one was.
[[nodiscard]] std::string TreeAddress(const std::string& endpoint, const v1::Observation& seen);
// A file of it, or where a document was read (proto/document_path.h); "" when that is no address.
[[nodiscard]] std::string FileAddress(const std::string& endpoint, const v1::Observation& seen,
                                      const std::string& path);

// What a publisher gave as an address, http or https alone, with nothing but characters that a URI
// may have; "" when it is none.
[[nodiscard]] std::string SafeAddress(std::string_view text);

// "pkg:huggingface/owner/name@revision", with the hub's address when it is another. Letter case is
// kept, as the type asks; `revision` may be empty.
// Source: https://github.com/package-url/purl-spec, type huggingface (read 2026-11).
[[nodiscard]] std::string PackageUrl(const std::string& endpoint, const std::string& name,
                                     const std::string& revision);

}  // namespace modelwatch::evaluator
