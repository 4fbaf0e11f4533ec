// SPDX-License-Identifier: Apache-2.0
// Which observations are the same: digests over what they say, not over when it was seen.
#pragma once

#include <string>

#include "modelwatch/v1/observation.pb.h"

namespace modelwatch::proto {

// SHA-256 over everything an observation says except observed_at: two observations with the same
// digest are the same version. Independent of the order of tags, base models and files, and of
// whether a file's bytes were fetched again.
[[nodiscard]] std::string ObservationDigest(const v1::Observation& observation);

// SHA-256 over what a hub's listing row alone says (name, revision, times, access, declared): when
// it equals the newest version's, the files need not be looked at again.
[[nodiscard]] std::string ObservationRowDigest(const v1::Observation& observation);

}  // namespace modelwatch::proto
