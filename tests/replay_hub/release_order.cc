// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/release_order.h"

namespace modelwatch::replay_hub {

int64_t SortValue(const Release& release, SortField field) {
  constexpr int64_t kSecondUs = 1'000'000;
  switch (field) {
    case SortField::kTrendingScore:
      return release.trending_score;
    case SortField::kCreatedAt:
      return release.created_at_us / kSecondUs;
    case SortField::kLastModified:
      return release.last_modified_us / kSecondUs;
    case SortField::kDownloads:
      return static_cast<int64_t>(release.downloads);
    case SortField::kLikes:
      return static_cast<int64_t>(release.likes);
  }
  return 0;
}

}  // namespace modelwatch::replay_hub
