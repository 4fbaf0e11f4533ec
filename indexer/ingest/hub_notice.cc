// SPDX-License-Identifier: Apache-2.0
#include "indexer/ingest/hub_notice.h"

#include "common/status_macros.h"
#include "indexer/frontier/health.h"
#include "indexer/store/records.h"

namespace modelwatch::indexer {
namespace {

// Takes note of what the notice tells; false when that is no news.
bool Note(v1::HubNews news, int64_t now_us, v1::StoredHub& hub) {
  switch (news) {
    case v1::HUB_SILENT:
      if (hub.silence_told_us() != 0 || !IsSilent(hub, now_us)) return false;
      hub.set_silence_told_us(now_us);
      return true;
    case v1::HUB_HEARD:
      if (hub.silence_told_us() == 0 || IsSilent(hub, now_us)) return false;
      hub.set_silence_told_us(0);
      return true;
    case v1::CANARY_SILENT:
      if (hub.canary_told_us() != 0 || !IsCanarySilent(hub, now_us)) return false;
      hub.set_canary_told_us(now_us);
      return true;
    case v1::CANARY_HEARD:
      if (hub.canary_told_us() == 0 || hub.canary_ok_us() <= hub.canary_told_us()) return false;
      hub.set_canary_told_us(0);
      return true;
    default:
      return false;
  }
}

uint64_t StoreAlert(Draft& draft, v1::Alert alert, int64_t now_us) {
  const uint64_t sequence = draft.NextSequence();
  alert.set_sequence(sequence);
  alert.set_recorded_at_us(now_us);
  v1::LogRecord record;
  record.set_kind(v1::LogRecord::ALERT);
  *record.mutable_key() = alert.key();
  draft.Put(Table::kLog, SequenceKey(sequence), record.SerializeAsString());
  draft.Put(Table::kAlert, SequenceKey(sequence), alert.SerializeAsString());
  draft.state().set_alerts(draft.state().alerts() + 1);
  return sequence;
}

}  // namespace

absl::Status CheckHubNotices(const v1::PutAssessmentsRequest& request) {
  if (request.hub_notices_size() > kMaxHubNotices) {
    return absl::InvalidArgumentError("put assessments: too many hub notices");
  }
  for (const v1::HubNotice& notice : request.hub_notices()) {
    const v1::Alert& alert = notice.alert();
    if (alert.is_about_hub() && !alert.key().hub().empty() && alert.key().id().empty()) continue;
    return absl::InvalidArgumentError("put assessments: a hub notice is not about a hub");
  }
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> StoreHubNotice(Draft& draft, const v1::HubNotice& notice, int64_t now_us) {
  const std::string& name = notice.alert().key().hub();
  auto hub = GetRecord<v1::StoredHub>(draft, Table::kHub, name);
  if (absl::IsNotFound(hub.status())) return uint64_t{0};
  RETURN_IF_ERROR(hub.status());
  if (!Note(notice.news(), now_us, *hub)) return uint64_t{0};
  draft.Put(Table::kHub, name, hub->SerializeAsString());
  return StoreAlert(draft, notice.alert(), now_us);
}

}  // namespace modelwatch::indexer
