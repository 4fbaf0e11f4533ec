// SPDX-License-Identifier: Apache-2.0
#include "evaluator/openness/openness_table.h"

#include "common/digest.h"
#include "evaluator/terms/embedded.h"

namespace modelwatch::evaluator {

extern const char kOpennessData[];

const v1::OpennessTable& BuiltinOpenness() {
  static const auto* const table =
      new v1::OpennessTable(ParseEmbedded<v1::OpennessTable>(kOpennessData));
  return *table;
}

std::string OpennessDataDigest() {
  return common::ToHex(common::Sha256(kOpennessData)).substr(0, 16);
}

}  // namespace modelwatch::evaluator
