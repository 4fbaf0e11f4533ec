// SPDX-License-Identifier: Apache-2.0
// ReleaseHistory: one HISTORY: reads what a release was before it was first seen.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "crawler/hub_context.h"
#include "modelwatch/v1/frontier.pb.h"

namespace modelwatch::crawler {

// Where a reading stands. Its text is the cursor of the work, so that another crawler goes on
// there.
struct PastPlace {
  std::string anchor;     // the commit at first sight: the list begins with it
  uint32_t next = 0;      // place in the list that is read next, 0 = the anchor itself
  uint32_t versions = 0;  // commits read that held other files than the one read before
  uint32_t tries = 0;     // in vain, of this place
  bool is_cut = false;    // commits were passed over

  [[nodiscard]] std::string ToCursor() const;
  // Nothing for what is no cursor.
  [[nodiscard]] static std::optional<PastPlace> FromCursor(std::string_view cursor);
};

// Walks the commit list from the newest back, one commit at a time:
//
//   commit list page -> the release at that commit: which card and licence files there were
//                    -> header of each file, its body when nobody has it (ReleaseReader) ->
//                    published
//
// Every commit is published with its place; the index keeps those that brought other files. When
// the limits are reached the first commit is read and then no more. Everything is asked for with
// the lowest priority. What is published twice after a crash changes nothing. I/O thread only.
class ReleaseHistory {
 public:
  // `context` must outlive this. REQUIRES: work.kind is HISTORY.
  ReleaseHistory(HubContext& context, v1::Work work);
  ReleaseHistory(const ReleaseHistory&) = delete;
  ReleaseHistory& operator=(const ReleaseHistory&) = delete;

  void Start();
  // Keeps the lease alive.
  void Step(absl::Time now);
  // Gives the lease back: this process stops.
  void Release();
  // Nothing refers to this any more.
  [[nodiscard]] bool IsOver() const { return is_closed_ && reports_open_ == 0 && !is_waiting_; }

 private:
  struct CommitPage {
    std::vector<ListedCommit> commits;
    uint32_t number = 0;
    uint32_t total = 0;  // commits on all pages; 0 unknown
    bool has_next = false;
  };

  void Next();
  [[nodiscard]] bool IsAtLimit() const;
  void FetchPage(uint32_t number);
  void OnPage(const FetchResult& result, CommitPage page);
  void ReadCommit(const ListedCommit& commit);
  void OnRevision(const FetchResult& result, Row row, const ListedCommit& commit);
  void OnItem(v1::PutItem item);
  void PassOver();
  void Fail(const std::string& reason);
  void End(v1::PastState past);
  void Report(v1::WorkOutcome outcome, v1::PastState past = v1::PAST_STATE_UNSPECIFIED);
  [[nodiscard]] OutgoingMark NewMark(v1::WorkOutcome outcome) const;

  HubContext& context_;
  const v1::Work work_;
  std::string name_;
  PastPlace place_;
  std::optional<CommitPage> page_;
  std::string last_content_;  // of the commit read before
  bool is_waiting_ = false;   // for an answer
  bool is_closed_ = false;    // the last report was made, or the lease is lost
  int reports_open_ = 0;
  absl::Time last_report_;
};

}  // namespace modelwatch::crawler
