// SPDX-License-Identifier: Apache-2.0
#include "proto/release_pattern.h"

#include <fnmatch.h>

#include <string>

#include "proto/release_id.h"

namespace modelwatch::proto {

bool MatchesRelease(std::string_view pattern, std::string_view release_name) {
  const std::string glob(pattern);
  if (fnmatch(glob.c_str(), std::string(release_name).c_str(), FNM_CASEFOLD) == 0) return true;
  const bool is_owner = pattern.find('/') == std::string_view::npos;
  const std::string owner(Owner(release_name));
  return is_owner && !owner.empty() && fnmatch(glob.c_str(), owner.c_str(), FNM_CASEFOLD) == 0;
}

}  // namespace modelwatch::proto
