// SPDX-License-Identifier: Apache-2.0
#include "evaluator/relatives.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "common/status_macros.h"
#include "evaluator/assess/family.h"
#include "evaluator/assess/lineage.h"
#include "proto/release_id.h"

namespace modelwatch::evaluator {
namespace {

constexpr int kMaxBases = 16;         // of one release; a merge has a handful
constexpr uint32_t kMaxFamily = 256;  // releases of a publisher that are looked at
constexpr size_t kMaxFamilies = 1 << 16;
// A release that we first see later than this after it was made is history, not news.
constexpr int64_t kNewUs = 30LL * 24 * 3600 * 1000 * 1000;

std::string NameKeyOf(const std::string& hub, const std::string& name) {
  return hub + ":" + absl::AsciiStrToLower(name);
}

int NumberOf(const v1::Event& event) {
  int number = 0;
  return absl::SimpleAtoi(event.id().substr(std::min<size_t>(1, event.id().size())), &number)
             ? number
             : 0;
}

void SortEvents(v1::Assessment& assessment) {
  std::stable_sort(assessment.mutable_events()->begin(), assessment.mutable_events()->end(),
                   [](const v1::Event& left, const v1::Event& right) {
                     return NumberOf(left) < NumberOf(right);
                   });
}

void DropEvents(const char* id, v1::Assessment& assessment) {
  auto& events = *assessment.mutable_events();
  events.erase(std::remove_if(events.begin(), events.end(),
                              [id](const v1::Event& event) { return event.id() == id; }),
               events.end());
}

// A copy or a finetune of another publisher's release follows that, not its own publisher's line.
bool HasForeignBase(const v1::Observation& seen) {
  return std::any_of(seen.declared().base_models().begin(), seen.declared().base_models().end(),
                     [&](const v1::BaseModel& base) {
                       return !absl::EqualsIgnoreCase(std::string(proto::Owner(base.name())),
                                                      std::string(proto::Owner(seen.name())));
                     });
}

// Whether it was made just before it was seen. Made after that, as a recorded hub may say, tells
// nothing.
bool IsNew(const v1::Observation& seen) {
  const int64_t age_us = seen.observed_at_us() - seen.created_at_us();
  return seen.created_at_us() > 0 && age_us >= 0 && age_us <= kNewUs;
}

bool MayFollow(const v1::Observation& seen) {
  return seen.access().presence() == v1::PRESENT && IsNew(seen) && !HasForeignBase(seen);
}

}  // namespace

absl::Status Relatives::AddEvents(v1::HistoryRow* then, v1::HistoryRow& now) {
  if (then != nullptr) {
    DropEvents("E10", *then->mutable_assessment());
    RETURN_IF_ERROR(AddLaundering(then->version().observation(), *then->mutable_assessment()));
    RETURN_IF_ERROR(AddFanOut(*then, now));
  } else {
    RETURN_IF_ERROR(AddRegression(now));
  }
  RETURN_IF_ERROR(AddLaundering(now.version().observation(), *now.mutable_assessment()));
  SortEvents(*now.mutable_assessment());
  return absl::OkStatus();
}

void Relatives::Remember(const v1::Assessment& assessment) {
  judged_[NameKeyOf(assessment.key().hub(), assessment.name())] = &assessment;
}

void Relatives::Forget() {
  judged_.clear();
  asked_.clear();
}

absl::StatusOr<const v1::Assessment*> Relatives::Find(const std::string& hub,
                                                      const std::string& name) {
  const std::string key = NameKeyOf(hub, name);
  if (const auto judged = judged_.find(key); judged != judged_.end()) return judged->second;
  auto asked = asked_.find(key);
  if (asked == asked_.end()) {
    v1::GetReleaseRequest request;
    request.set_hub(hub);
    request.set_name(name);
    absl::StatusOr<v1::GetReleaseResponse> release = reader_.GetRelease(request);
    // A name that the index refuses to look up leads nowhere either.
    const bool is_absent =
        absl::IsNotFound(release.status()) || absl::IsInvalidArgument(release.status());
    if (!release.ok() && !is_absent) return release.status();
    asked = asked_.emplace(key, std::nullopt).first;
    if (release.ok() && release->has_assessment()) {
      asked->second = std::move(*release->mutable_assessment());
    }
  }
  return asked->second.has_value() ? &*asked->second : nullptr;
}

absl::StatusOr<std::vector<Base>> Relatives::BasesOf(const v1::Observation& seen) {
  std::vector<Base> bases;
  for (const v1::BaseModel& declared : seen.declared().base_models()) {
    if (bases.size() == kMaxBases) break;
    Base base{declared.name(), declared.relation(), nullptr};
    ASSIGN_OR_RETURN(base.assessment, Find(seen.key().hub(), declared.name()));
    bases.push_back(std::move(base));
  }
  return bases;
}

absl::Status Relatives::AddLaundering(const v1::Observation& seen, v1::Assessment& assessment) {
  ASSIGN_OR_RETURN(const std::vector<Base> bases, BasesOf(seen));
  if (bases.empty()) return absl::OkStatus();
  std::optional<v1::Event> event = LaunderingEvent(table_, assessment, bases);
  if (event.has_value()) *assessment.add_events() = *std::move(event);
  return absl::OkStatus();
}

absl::Status Relatives::JoinBaseTerms(const v1::Observation& seen, v1::Assessment& assessment) {
  ASSIGN_OR_RETURN(const std::vector<Base> bases, BasesOf(seen));
  if (!bases.empty()) JoinBases(table_, bases, assessment);
  return absl::OkStatus();
}

absl::Status Relatives::AddFanOut(const v1::HistoryRow& then, v1::HistoryRow& now) {
  if (!FanOutEvent(now.assessment(), 1).has_value()) return absl::OkStatus();
  v1::ListDerivativesRequest request;
  request.set_hub(now.assessment().key().hub());
  request.set_base(now.assessment().name());
  ASSIGN_OR_RETURN(const v1::ListDerivativesResponse made, reader_.ListDerivatives(request));
  uint64_t total = made.total();
  const std::string& former = then.assessment().name();
  if (!absl::EqualsIgnoreCase(former, request.base())) {
    request.set_base(former);
    ASSIGN_OR_RETURN(const v1::ListDerivativesResponse older, reader_.ListDerivatives(request));
    total += older.total();
  }
  std::optional<v1::Event> event = FanOutEvent(now.assessment(), total);
  if (event.has_value()) *now.mutable_assessment()->add_events() = *std::move(event);
  return absl::OkStatus();
}

void Relatives::RememberSince(const std::string& key, const v1::ListReleasesResponse& family) {
  if (family.releases().empty()) return;
  if (family_since_us_.size() >= kMaxFamilies) family_since_us_.clear();
  int64_t oldest_us = family.releases(0).first_seen_us();
  for (const v1::GetReleaseResponse& release : family.releases()) {
    oldest_us = std::min(oldest_us, release.first_seen_us());
  }
  family_since_us_[key] = oldest_us;
}

absl::Status Relatives::AddRegression(v1::HistoryRow& now) {
  const v1::Observation& seen = now.version().observation();
  if (!MayFollow(seen) || ParseFamilyName(seen.name()).is_other_format) return absl::OkStatus();
  v1::ListReleasesRequest request;
  request.set_hub(seen.key().hub());
  request.set_name_prefix(FamilyPrefix(seen.name()));
  request.set_limit(kMaxFamily);
  if (request.name_prefix().empty()) return absl::OkStatus();
  // A family whose oldest sighting is younger than the release has no member that counts: a first
  // sweep would list each family once a release otherwise.
  const std::string key = NameKeyOf(request.hub(), request.name_prefix());
  const auto since = family_since_us_.find(key);
  if (since != family_since_us_.end() && since->second >= seen.created_at_us()) {
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const v1::ListReleasesResponse family, reader_.ListReleases(request));
  RememberSince(key, family);
  std::vector<FamilyMember> members;
  for (const v1::GetReleaseResponse& release : family.releases()) {
    const v1::Observation& other = release.version().observation();
    // Seen before the new one was made: it appeared under our eyes, and is no find of a first
    // sweep.
    if (!release.has_assessment() || release.first_seen_us() >= seen.created_at_us()) continue;
    if (other.access().presence() != v1::PRESENT || HasForeignBase(other)) continue;
    members.push_back({&release.assessment(), other.created_at_us()});
  }
  const FamilyMember* predecessor =
      FindPredecessor(now.assessment(), seen.created_at_us(), members);
  if (predecessor == nullptr) return absl::OkStatus();
  std::optional<v1::Event> event =
      RegressionEvent(table_, now.assessment(), *predecessor->assessment);
  if (event.has_value()) *now.mutable_assessment()->add_events() = *std::move(event);
  return absl::OkStatus();
}

}  // namespace modelwatch::evaluator
