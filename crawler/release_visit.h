// SPDX-License-Identifier: Apache-2.0
// ReleaseVisit: one VISIT: looks at one release again and tells removed, disabled, gated, renamed
// and false alarm apart.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "crawler/hub_context.h"
#include "modelwatch/v1/frontier.pb.h"

namespace modelwatch::crawler {

// The answer about the release's last known name decides:
//   the same stable id, here or behind at most 5 redirects   it is there, maybe renamed
//   another id                                               ours is gone; the newcomer is read too
//   missing or private / disabled / gated                    so it is observed
//   anything else                                            nothing is known; tried again later
// I/O thread only.
class ReleaseVisit {
 public:
  // `context` must outlive this. REQUIRES: work.kind is VISIT.
  ReleaseVisit(HubContext& context, v1::Work work);
  ReleaseVisit(const ReleaseVisit&) = delete;
  ReleaseVisit& operator=(const ReleaseVisit&) = delete;

  void Start();
  // Gives the lease back: this process stops.
  void Release();
  [[nodiscard]] bool IsOver() const { return is_reported_; }

 private:
  // Watched releases go before everything else within the hub's quota, as in the frontier.
  [[nodiscard]] Priority priority() const {
    return work_.is_watched() ? Priority::kWatched : Priority::kChanged;
  }
  void Ask(std::string target);
  void OnAnswer(FetchResult result);
  void OnRow(const Row& row);
  void OnRedirect(const FetchResult& result);
  void ReadRow(const Row& row);
  void PutGone(v1::Presence presence, int64_t observed_at_us);
  void PutGated(int64_t observed_at_us);
  void Put(v1::PutItem item);
  void Fail(const std::string& reason);
  void Report(v1::WorkOutcome outcome);

  HubContext& context_;
  const v1::Work work_;
  v1::Head head_;  // the newest version
  Row row_;        // of the last answer
  std::string moved_to_;
  int hops_ = 0;
  int waiting_ = 0;
  bool is_closed_ = false;    // the report was made
  bool is_reported_ = false;  // and answered
};

}  // namespace modelwatch::crawler
