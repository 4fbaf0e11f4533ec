// SPDX-License-Identifier: Apache-2.0
// What the files of a release are for, told by their names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "modelwatch/v1/observation.pb.h"

namespace modelwatch::evaluator {

enum class FileRole {
  kOther,
  kCard,         // README.md at the root
  kLicence,      // a licence of the release, or of its weights
  kCodeLicence,  // says that it is for the code
  kUsePolicy,    // a use policy that a licence incorporates
  kNotice,       // notices, third-party licences: never the release's own terms
  kHeader,       // what the header of a weights file says of the licence
};

[[nodiscard]] FileRole RoleOf(std::string_view path);

// The path that `license_link` names when it leads into the release itself: a relative one, or an
// address of the hub below the release's own name. Empty for any other link.
[[nodiscard]] std::string LinkedPath(const v1::Observation& observation);

// The licence files that govern the weights: the one that `license_link` names; else those named
// for the model or its weights; else those at the root; else the ones nearest to it; else, for want
// of another, those for the code; else the document outside the release that `license_link` leads
// to, when it was read. In order of path; none when the release has none. For a PDF its words, once
// they are read.
[[nodiscard]] std::vector<const v1::File*> GoverningFiles(const v1::Observation& observation);

// Licence files that say they are for the code, where others govern the weights.
[[nodiscard]] std::vector<const v1::File*> CodeLicences(const v1::Observation& observation);

// Use policies at the root, and those outside that the licence names.
[[nodiscard]] std::vector<const v1::File*> UsePolicies(const v1::Observation& observation);

// What the header of a weights file says, null when none was read.
[[nodiscard]] const v1::File* HeaderOf(const v1::Observation& observation);

}  // namespace modelwatch::evaluator
