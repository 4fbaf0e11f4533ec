// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "common/status_macros.h"
#include "indexer/frontier/budget.h"
#include "indexer/frontier/frontier.h"
#include "indexer/frontier/health.h"
#include "indexer/frontier/revisit.h"
#include "indexer/frontier/trouble.h"
#include "indexer/service/reads.h"
#include "indexer/store/records.h"
#include "indexer/store/schema.h"

namespace modelwatch::indexer {
namespace {

// Of one class; a scan of so many takes some milliseconds.
constexpr uint64_t kMostDueCounted = 10'000;

absl::StatusOr<v1::DueStatus> ReadDueClass(const View& view, const std::string& hub,
                                           uint32_t priority, int64_t now_us) {
  v1::DueStatus due;
  due.set_kind(std::string(PriorityWord(priority)));
  absl::Status parsed;
  const std::string prefix = DuePrefix(hub, priority);
  RETURN_IF_ERROR(view.Scan(Table::kDue, prefix, PrefixEnd(prefix),
                            [&](std::string_view key, std::string_view) {
                              const absl::StatusOr<DueAt> at = ParseDueKey(key);
                              parsed = at.status();
                              if (!parsed.ok()) return false;
                              if (at->due_us > now_us) {
                                due.set_next_due_us(at->due_us);
                                return false;
                              }
                              // The last class stands in the order of downloads, not of time.
                              if (due.due() == 0 && priority != kPriorityNewHistory) {
                                due.set_oldest_due_us(at->due_us);
                              }
                              due.set_due(due.due() + 1);
                              return due.due() < kMostDueCounted;
                            }));
  RETURN_IF_ERROR(parsed);
  return due;
}

// Of every (class, account) of the hub.
absl::Status ReadBudgets(const View& view, int64_t now_us, v1::HubStatus& hub) {
  absl::Status status;
  const std::string prefix = BudgetPrefix(hub.hub());
  RETURN_IF_ERROR(view.Scan(
      Table::kMeta, prefix, PrefixEnd(prefix), [&](std::string_view at, std::string_view value) {
        const auto stored = ParseRecord<v1::StoredBudget>(Table::kMeta, at, value);
        status = stored.status();
        if (!status.ok()) return false;
        *hub.add_budgets() = BudgetAt(*stored, now_us);
        const std::string rest(at.substr(prefix.size()));
        const size_t slash = rest.find('/');
        hub.mutable_budgets()->rbegin()->set_quota_class(rest.substr(0, slash));
        if (slash != std::string::npos) {
          hub.mutable_budgets()->rbegin()->set_account(rest.substr(slash + 1));
        }
        return true;
      }));
  return status;
}

absl::Status ReadTrouble(const View& view, int64_t now_us, v1::HubStatus& hub) {
  const auto stored = GetRecord<v1::StoredTrouble>(view, Table::kMeta, TroubleKey(hub.hub()));
  if (absl::IsNotFound(stored.status())) return absl::OkStatus();
  RETURN_IF_ERROR(stored.status());
  for (v1::TroubleStatus& each : TroubleAt(*stored, now_us)) *hub.add_trouble() = std::move(each);
  return absl::OkStatus();
}

absl::Status ReadHealth(const View& view, int64_t now_us, v1::HubStatus& hub) {
  for (uint32_t priority = 0; priority < kPriorities; ++priority) {
    ASSIGN_OR_RETURN(*hub.add_due(), ReadDueClass(view, hub.hub(), priority, now_us));
  }
  RETURN_IF_ERROR(ReadBudgets(view, now_us, hub));
  return ReadTrouble(view, now_us, hub);
}

absl::Status ReadSweepRows(const View& view, v1::HubStatus& hub) {
  const auto sweep = GetRecord<v1::StoredWork>(view, Table::kWork, SweepId(hub.hub()));
  if (absl::IsNotFound(sweep.status())) return absl::OkStatus();
  RETURN_IF_ERROR(sweep.status());
  hub.set_sweep_rows(sweep->pass_rows() + sweep->lease_rows());
  return absl::OkStatus();
}

v1::HubStatus StatusOf(const std::string& name, const v1::StoredHub& stored, int64_t now_us) {
  v1::HubStatus hub;
  hub.set_hub(name);
  hub.set_endpoint(stored.endpoint());
  hub.set_label(stored.label());
  hub.set_hub_time_us(stored.hub_time_us());
  hub.set_last_listing_us(stored.last_listing_us());
  hub.set_last_sweep_us(stored.last_sweep_us());
  hub.set_sweeps(stored.sweeps());
  hub.set_releases(stored.releases());
  hub.set_keep_up_ms(stored.keep_up_ms());
  hub.set_sweep_ms(stored.sweep_ms());
  hub.set_last_keep_up_us(stored.last_keep_up_us());
  hub.set_last_page_us(stored.last_page_us());
  hub.set_is_kept(stored.kept_since_us() != 0);
  hub.set_is_silent(IsSilent(stored, now_us));
  hub.set_silence_told_us(stored.silence_told_us());
  hub.set_canary(stored.canary());
  hub.set_canary_ms(stored.canary_ms());
  hub.set_canary_ok_us(stored.canary_ok_us());
  hub.set_is_canary_silent(IsCanarySilent(stored, now_us));
  hub.set_canary_told_us(stored.canary_told_us());
  hub.set_listed(stored.listed());
  hub.set_found(stored.found());
  hub.set_settled(stored.settled());
  hub.set_settled_known(stored.settled_known());
  return hub;
}

absl::StatusOr<uint64_t> CursorOf(const View& view, const std::string& evaluator) {
  const auto bytes = view.Get(Table::kMeta, CursorKey(evaluator));
  if (!bytes.ok()) return uint64_t{0};
  return ParseSequenceKey(*bytes).value_or(0);
}

}  // namespace

absl::StatusOr<v1::GetStatusResponse> ReadStatus(const View& view,
                                                 const v1::GetStatusRequest& request,
                                                 int64_t now_us) {
  ASSIGN_OR_RETURN(const v1::StoredState state, GetState(view));
  v1::GetStatusResponse response;
  response.set_now_us(now_us);
  response.set_newest_sequence(state.newest_sequence());
  response.set_oldest_sequence(state.oldest_sequence());
  ASSIGN_OR_RETURN(const uint64_t cursor, CursorOf(view, request.evaluator()));
  response.set_evaluator_cursor(cursor);
  response.set_releases(state.releases());
  response.set_versions(state.versions());
  response.set_alerts(state.alerts());
  response.set_blobs(state.blobs());
  response.set_findings(state.findings());
  response.set_finding_bytes(state.finding_bytes());
  ASSIGN_OR_RETURN(const uint32_t schema, ReadSchemaVersion(view));
  response.set_schema_version(schema);
  absl::Status status;
  RETURN_IF_ERROR(view.Scan(Table::kHub, "", "", [&](std::string_view at, std::string_view value) {
    const auto stored = ParseRecord<v1::StoredHub>(Table::kHub, at, value);
    status = stored.status();
    if (status.ok()) *response.add_hubs() = StatusOf(std::string(at), *stored, now_us);
    return status.ok();
  }));
  RETURN_IF_ERROR(status);
  for (v1::HubStatus& hub : *response.mutable_hubs()) {
    RETURN_IF_ERROR(ReadSweepRows(view, hub));
    if (request.health()) RETURN_IF_ERROR(ReadHealth(view, now_us, hub));
  }
  return response;
}

}  // namespace modelwatch::indexer
