// SPDX-License-Identifier: Apache-2.0
#include "evaluator/policy_replay.h"

#include <algorithm>
#include <deque>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/status_macros.h"
#include "evaluator/access_past.h"
#include "evaluator/assess/shift.h"
#include "evaluator/terms/terms_table.h"
#include "proto/release_id.h"

namespace modelwatch::evaluator {
namespace {

constexpr size_t kAtOnce = 128;  // changes; each asks for two versions, read.proto allows 256

class Replay {
 public:
  Replay(indexer::Reader& reader, const Policy& policy,
         const std::function<void(const v1::Alert&)>& tell)
      : reader_(reader), policy_(policy), tell_(tell) {}

  absl::Status Add(const v1::Change& change) {
    changes_.push_back(change);
    return changes_.size() < kAtOnce ? absl::OkStatus() : Flush();
  }

  absl::Status Flush() {
    RETURN_IF_ERROR(Load());
    for (const v1::Change& change : changes_) Decide(change);
    changes_.clear();
    return absl::OkStatus();
  }

  // Raises what waits, as far as the hub's clock has come.
  void RaiseDue(const std::string& hub, int64_t hub_time_us) {
    std::vector<v1::Alert> due;
    for (auto it = waiting_.begin(); it != waiting_.end();) {
      const v1::PendingAlert& pending = it->second.pending;
      if (pending.alert().key().hub() != hub || !Policy::IsDue(pending, hub_time_us)) {
        ++it;
        continue;
      }
      due.push_back(pending.alert());
      it = waiting_.erase(it);
    }
    std::sort(due.begin(), due.end(), [](const v1::Alert& left, const v1::Alert& right) {
      return left.shift().to_version() < right.shift().to_version();
    });
    for (const v1::Alert& alert : due) tell_(alert);
  }

 private:
  struct Waiting {
    v1::PendingAlert pending;
    v1::Assessment baseline;
  };
  struct Losses {
    std::deque<int64_t> at_us;
    int64_t told_us = 0;
  };

  absl::Status Load() {
    rows_.clear();
    v1::GetVersionsRequest request;
    for (const v1::Change& change : changes_) {
      for (const uint64_t version : {change.previous_version(), change.sequence()}) {
        if (version == 0) continue;
        v1::VersionRef& ref = *request.add_versions();
        *ref.mutable_key() = change.key();
        ref.set_version(version);
      }
    }
    if (request.versions().empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(v1::GetVersionsResponse response, reader_.GetVersions(request));
    for (v1::HistoryRow& row : *response.mutable_rows()) {
      row.mutable_assessment()->set_is_reassessment(false);  // as if it had been judged so then
      rows_[row.version().sequence()] = std::move(row);
    }
    return absl::OkStatus();
  }

  void Decide(const v1::Change& change) {
    RaiseDue(change.key().hub(), change.observed_at_us());
    const auto now = rows_.find(change.sequence());
    if (now == rows_.end() || now->second.assessment().version() == 0) return;
    const Side side{&now->second.version(), &now->second.assessment()};
    const auto then = rows_.find(change.previous_version());
    if (change.previous_version() == 0) {
      for (const v1::Alert& alert : policy_.DecideEvents(side)) tell_(alert);
      return;
    }
    if (then == rows_.end() || then->second.assessment().version() == 0) return;
    DecideMove({&then->second.version(), &then->second.assessment()}, side);
  }

  void DecideMove(const Side& then, const Side& now) {
    const std::string key = proto::FormatKey(now.assessment->key());
    const auto waits = waiting_.find(key);
    Held held;
    if (waits != waiting_.end()) {
      held.pending = &waits->second.pending;
      held.since_baseline = ShiftBetween({nullptr, &TermsTable::Builtin()}, waits->second.baseline,
                                         *now.assessment, {});
    }
    Decision decision = policy_.Decide(then, now, held.pending == nullptr ? nullptr : &held,
                                       PastOf(key, then, now));
    for (const v1::Alert& alert : decision.alerts) {
      if (alert.times() > 0) losses_[key].told_us = alert.observed_at_us();
      tell_(alert);
    }
    if (decision.drop_held) waiting_.erase(key);
    if (!decision.hold.has_value()) return;
    const auto [slot, is_new] = waiting_.try_emplace(key);
    if (is_new) slot->second.baseline = *then.assessment;
    slot->second.pending = *std::move(decision.hold);
  }

  AccessPast PastOf(const std::string& key, const Side& then, const Side& now) {
    AccessPast past;
    if (!IsAccessLost(then.assessment->access(), now.assessment->access())) return past;
    Losses& losses = losses_[key];
    const int64_t at_us = now.assessment->observed_at_us();
    const int64_t since_us = at_us - policy_.config().flapping_window_ms() * 1000;
    losses.at_us.push_back(at_us);
    while (losses.at_us.front() < since_us) losses.at_us.pop_front();
    past.losses = static_cast<uint32_t>(losses.at_us.size());
    past.is_told = losses.told_us != 0 && losses.told_us >= since_us;
    return past;
  }

  indexer::Reader& reader_;
  const Policy& policy_;
  const std::function<void(const v1::Alert&)>& tell_;
  std::vector<v1::Change> changes_;
  std::unordered_map<uint64_t, v1::HistoryRow> rows_;
  std::map<std::string, Waiting> waiting_;          // by FormatKey
  std::unordered_map<std::string, Losses> losses_;  // of what ever lost its access
};

}  // namespace

absl::Status ReplayPolicy(indexer::Reader& reader, const Policy& policy,
                          const common::Stopper& stopper,
                          const std::function<void(const v1::Alert&)>& tell) {
  ASSIGN_OR_RETURN(const v1::GetStatusResponse status, reader.GetStatus({}));
  Replay replay(reader, policy, tell);
  v1::FollowRequest request;
  request.set_from_sequence(status.oldest_sequence());
  request.set_changes(true);
  request.set_until_now(true);
  absl::Status failed;
  RETURN_IF_ERROR(reader.Follow(request, stopper, [&](const v1::FollowResponse& response) {
    if (response.entry().has_change()) failed = replay.Add(response.entry().change());
    return failed.ok();
  }));
  RETURN_IF_ERROR(failed);
  RETURN_IF_ERROR(replay.Flush());
  for (const v1::HubStatus& hub : status.hubs()) replay.RaiseDue(hub.hub(), hub.hub_time_us());
  return absl::OkStatus();
}

}  // namespace modelwatch::evaluator
