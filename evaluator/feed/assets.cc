// SPDX-License-Identifier: Apache-2.0
#include "evaluator/feed/assets.h"

#include "common/digest.h"

namespace modelwatch::evaluator {

const std::string& StylePath() {
  static const std::string path =
      "/site/style.css?v=" + common::ToHex(common::Sha256(kStyleSheet)).substr(0, 16);
  return path;
}

}  // namespace modelwatch::evaluator
