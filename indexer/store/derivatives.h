// SPDX-License-Identifier: Apache-2.0
// Which entries of table "derivative" a release has: one for every base it declares.
#pragma once

#include <map>
#include <string>

#include "modelwatch/v1/observation.pb.h"

namespace modelwatch::indexer {

// Key and value (the relation as declared) of every entry of the release as it was seen. None while
// it is gone: nobody is touched by what becomes of its base. A base whose name no key can hold
// (empty, or with a zero byte) has none.
[[nodiscard]] std::map<std::string, std::string> DerivativeEntries(const v1::Observation& seen);

}  // namespace modelwatch::indexer
