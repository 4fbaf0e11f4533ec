// SPDX-License-Identifier: Apache-2.0
// The ids of the SPDX licence list that may stand in a BOM.
#pragma once

#include <string>
#include <string_view>

namespace modelwatch::evaluator {

// The id as SPDX writes it, letter case of `text` aside; "" when it is none.
[[nodiscard]] std::string SpdxLicenceId(std::string_view text);
[[nodiscard]] std::string SpdxExceptionId(std::string_view text);

}  // namespace modelwatch::evaluator
