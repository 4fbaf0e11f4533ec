// SPDX-License-Identifier: Apache-2.0
// The alerts as an Atom feed: RFC 4287, paged by RFC 5005.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "evaluator/feed/page.h"

namespace modelwatch::evaluator {

struct AtomFeed {
  std::string xml;
  absl::Time updated;  // of the newest entry; the epoch for an empty feed
};

// Ids are tag URIs (RFC 4151) that never change: the authority is SiteConfig.feed_authority, the
// year is fixed at 2026, the year in which the scheme was made, for ever. An entry's id is made of
// the release's key, the hub's time and the rule, so it stays the same when the address of the
// site, the name of the release, or the numbering of a rebuilt index changes.
//
// `before` and `severity` in the query as on the page. INVALID_ARGUMENT for a query that means
// nothing; else as the reader fails.
[[nodiscard]] absl::StatusOr<AtomFeed> WriteAtom(const PageSource& source, const Query& query);

}  // namespace modelwatch::evaluator
