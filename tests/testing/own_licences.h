// SPDX-License-Identifier: Apache-2.0
// Licence texts of our own, for tests that need one that no corpus has.
#pragma once

#include <string>

#include "absl/strings/str_format.h"

namespace modelwatch::testing {

// A model licence that names its licensor.
inline std::string OwnLicence(const std::string& licensor) {
  std::string text = licensor + " Model License Agreement\n\nThis agreement is between you and " +
                     licensor + ", the licensor.\n";
  for (int i = 1; i <= 12; ++i) {
    text += absl::StrFormat(
        "%d. The licensor hereby grants you a limited license under its copyright to use the "
        "weights in room %d, and you shall not distribute derivative weights without the %d-th "
        "page of these terms.\n",
        i, i * 17, i * 5);
  }
  return text + "The weights come without any warranty, and nobody is liable for damages.\n";
}

// A permissive one.
inline constexpr char kGardenLicence[] =
    "Permission is hereby granted, free of charge, to water any plant in this house.\n"
    "The watering can must be put back. The house comes without warranty of any kind.\n"
    "In no event shall the gardener be liable for wet feet, claims or other damages.\n";

}  // namespace modelwatch::testing
