// SPDX-License-Identifier: Apache-2.0
// ListingWalk: one KEEP_UP or SWEEP, page by page, under its lease.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <unordered_set>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "crawler/hub_context.h"
#include "modelwatch/v1/frontier.pb.h"

namespace modelwatch::crawler {

// The next pages are fetched while the files of the ones before are still being read (a cursor
// chain is sequential, files are not); the cursor is reported in page order, each after the page's
// last release. KEEP_UP ends at the first page that reaches behind its watermark by 15 minutes
// (equal seconds have no order), SWEEP at the last page. A page that the hub cannot make in time
// (504), or that is over the byte limit, is asked for in smaller pieces: 500 rows, then 100. I/O
// thread only.
class ListingWalk {
 public:
  // `context` must outlive this. REQUIRES: work.kind is KEEP_UP or SWEEP.
  ListingWalk(HubContext& context, v1::Work work);
  ListingWalk(const ListingWalk&) = delete;
  ListingWalk& operator=(const ListingWalk&) = delete;

  // Fetches what may be fetched now and keeps the lease alive.
  void Step(absl::Time now);

  // Gives the lease back at the last reported cursor: this process stops.
  void Release();

  // Nothing refers to this any more: it was reported, or lost its lease, and every answer is in.
  [[nodiscard]] bool IsOver() const;

  // After IsOver(): why it failed, OK when it was done.
  [[nodiscard]] const absl::Status& status() const { return status_; }
  [[nodiscard]] v1::WorkKind kind() const { return work_.kind(); }
  [[nodiscard]] size_t pages_read() const { return pages_read_; }
  [[nodiscard]] size_t rows_read() const { return rows_read_; }

 private:
  // What the hub listed, see FinishWorkRequest.
  struct Listed {
    uint64_t rows = 0;
    uint64_t settled = 0;
    uint64_t settled_known = 0;
    void Add(const Listed& other) {
      rows += other.rows;
      settled += other.settled;
      settled_known += other.settled_known;
    }
  };
  struct OpenPage {
    Listed listed;
    std::string next;    // target of the page behind it, "" after the last
    size_t waiting = 0;  // its releases that are still being read
    bool is_read = false;
  };
  struct Answer {
    Page page;
    std::string next;
    int64_t hub_time_us = 0;
  };

  [[nodiscard]] Priority priority() const {
    return work_.kind() == v1::SWEEP ? Priority::kSweep : Priority::kChanged;
  }
  void FetchPage();
  void OnPage(OpenPage& open, FetchResult result, Answer answer);
  [[nodiscard]] bool IsLoop(const Answer& answer);
  void OnPageFailed(OpenPage& open, const FetchResult& result);
  void ReadRows(OpenPage& open, const Page& page);
  static void CountSettled(OpenPage& open, const Row& row, const v1::Head* head);
  [[nodiscard]] bool IsLast(const Answer& answer);
  void NoteTimes(const Answer& answer);
  void LogPage(const Answer& answer) const;
  void Advance();
  void Report(v1::WorkOutcome outcome, const std::string& cursor);
  [[nodiscard]] OutgoingMark NewMark(v1::WorkOutcome outcome, const std::string& cursor) const;
  void OnReported(v1::WorkOutcome outcome, const absl::StatusOr<v1::FinishWorkResponse>& response);
  void Fail(absl::Status status);

  HubContext& context_;
  const v1::Work work_;
  std::deque<std::unique_ptr<OpenPage>> pages_;
  std::string next_;                       // target to fetch next; "" = none left
  std::string reported_;                   // cursor of the last report
  std::unordered_set<std::string> asked_;  // targets: a listing that comes back to one never ends
  uint32_t size_;                          // rows a page, smaller after trouble
  bool is_fetching_ = false;
  bool is_closed_ = false;  // the last report was made, or the lease is lost
  int reports_open_ = 0;
  int64_t started_us_ = 0;  // hub time of the first page
  int64_t watermark_us_ = 0;
  Listed listed_;  // of all pages before the reported cursor
  size_t pages_read_ = 0;
  size_t rows_read_ = 0;
  absl::Time last_report_ = absl::InfinitePast();
  absl::Status status_;
};

}  // namespace modelwatch::crawler
