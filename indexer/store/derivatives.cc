// SPDX-License-Identifier: Apache-2.0
#include "indexer/store/derivatives.h"

#include "indexer/store/keys.h"

namespace modelwatch::indexer {

std::map<std::string, std::string> DerivativeEntries(const v1::Observation& seen) {
  std::map<std::string, std::string> entries;
  if (seen.access().presence() != v1::PRESENT) return entries;
  for (const v1::BaseModel& base : seen.declared().base_models()) {
    if (base.name().empty() || base.name().find('\0') != std::string::npos) continue;
    entries[DerivativeKey(seen.key().hub(), base.name(), seen.key().id())] = base.relation();
  }
  return entries;
}

}  // namespace modelwatch::indexer
