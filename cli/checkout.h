// SPDX-License-Identifier: Apache-2.0
// A local checkout of a release, as the hub would have shown it.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "evaluator/assess/assessor.h"
#include "modelwatch/v1/change.pb.h"

namespace modelwatch::cli {

struct Checkout {
  v1::Version version;             // its observation: the card's front matter, the files to read
  std::vector<std::string> paths;  // of all files, inside the checkout
  std::vector<std::pair<std::string, std::string>> texts;  // path -> bytes of the files to read

  // For Assessor::Assess; views into `texts`.
  [[nodiscard]] std::vector<evaluator::FileText> files() const;
};

// Reads README.md, licence files and use policies; of the others only the names. Hidden files are
// passed over. Gate and presence are not known of a directory: it counts as open and present.
// NOT_FOUND, PERMISSION_DENIED; INVALID_ARGUMENT: neither a card, a licence nor weights in it, so
// it is no release.
[[nodiscard]] absl::StatusOr<Checkout> ReadCheckout(const std::string& folder);

}  // namespace modelwatch::cli
