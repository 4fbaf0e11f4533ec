// SPDX-License-Identifier: Apache-2.0
// What a BOM says of the licence of a release: as it is declared, and as it was found to be.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "modelwatch/v1/read.pb.h"

namespace modelwatch::evaluator {

// A licence that SPDX does not list.
struct UnlistedLicence {
  std::string ref;     // "LicenseRef-..."
  std::string name;    // for people
  std::string url;     // where its words are; empty when not known
  std::string sha256;  // of its words, hex; empty when not known
};

struct LicenceClaim {
  // SPDX expression of listed ids, listed exceptions and the LicenseRef- of `unlisted`; empty:
  // nothing can be said.
  std::string expression;
  bool is_one = false;                    // the expression is one listed id or one LicenseRef-
  std::vector<UnlistedLicence> unlisted;  // every LicenseRef- of the expression, once
  std::string comment;                    // one line: what it rests on
};

// What tag and card declare, several values together. Values that nobody can name ("other") make
// no licence of their own.
[[nodiscard]] LicenceClaim DeclaredClaim(const v1::GetReleaseResponse& release,
                                         const std::string& endpoint);
// What the terms rest on, by the newest assessment; empty before the first.
[[nodiscard]] LicenceClaim ConcludedClaim(const v1::GetReleaseResponse& release,
                                          const std::string& endpoint);

}  // namespace modelwatch::evaluator
