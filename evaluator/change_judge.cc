// SPDX-License-Identifier: Apache-2.0
#include "evaluator/change_judge.h"

#include <algorithm>
#include <utility>

#include "common/log.h"
#include "common/status_macros.h"
#include "evaluator/access_past.h"
#include "evaluator/assess/declared.h"
#include "evaluator/assess/lineage.h"
#include "evaluator/identifier_version.h"
#include "evaluator/license/matcher.h"
#include "evaluator/terms/terms_table.h"
#include "proto/release_id.h"

namespace modelwatch::evaluator {
namespace {

constexpr int kMaxAsked = 256;                    // read.proto
constexpr uint32_t kMaxPastVersions = 64;         // looked at for a release that comes and goes
constexpr size_t kCacheBytes = size_t{32} << 20;  // texts kept between batches
constexpr size_t kMemoBytes = size_t{16} << 20;   // findings kept between batches
constexpr uint64_t kMaxGroupBytes = uint64_t{32} << 20;  // texts of versions judged in one go

// But for who made it, and when: those fields of `former` are overwritten.
bool IsSameConclusion(v1::Assessment& former, const v1::Assessment& now) {
  former.clear_sequence();
  former.clear_recorded_at_us();
  former.clear_is_reassessment();
  former.set_evaluator_version(now.evaluator_version());
  former.set_corpus_version(now.corpus_version());
  return former.SerializeAsString() == now.SerializeAsString();
}

v1::Judgement ReleaseOf(const v1::PendingAlert& pending) {
  v1::Judgement judgement;
  *judgement.mutable_key() = pending.alert().key();
  *judgement.add_alerts() = pending.alert();
  judgement.set_drop_held(true);
  return judgement;
}

}  // namespace

ChangeJudge::ChangeJudge(indexer::Reader& reader, const Corpus* corpus, Policy policy,
                         common::Metrics& metrics)
    : reader_(reader),
      assessor_(corpus, TermsTable::Builtin(),
                [this](const std::string& digest, std::string_view text) {
                  return memo_.Identify(digest, text);
                }),
      policy_(std::move(policy)),
      blobs_(reader, kCacheBytes),
      memo_(
          reader, metrics, corpus == nullptr ? "" : IdentifierVersion(*corpus),
          [this](std::string_view text) { return assessor_.judge().matcher->Identify(text); },
          kMemoBytes),
      relatives_(reader, TermsTable::Builtin()) {}

absl::Status ChangeJudge::Reset() {
  memo_.GiveBack();
  relatives_.Forget();
  rows_.clear();
  held_.clear();
  flapping_told_us_.clear();
  ASSIGN_OR_RETURN(v1::ListHeldResponse response, reader_.ListHeld({}));
  for (v1::PendingAlert& pending : *response.mutable_held()) {
    const std::string key = proto::FormatKey(pending.alert().key());
    held_[key] = std::move(pending);
  }
  return absl::OkStatus();
}

absl::Status ChangeJudge::JudgeAll(std::span<const v1::Change> changes, const Take& take) {
  relatives_.Forget();
  rows_.clear();
  RETURN_IF_ERROR(LoadVersions(changes));
  return JudgeInGroups(changes,
                       [this, &take](const v1::Change& change) { return JudgeOne(change, take); });
}

absl::Status ChangeJudge::ReassessAll(std::span<const v1::Change> changes, const Take& take) {
  relatives_.Forget();
  rows_.clear();
  RETURN_IF_ERROR(LoadVersions(changes));
  std::vector<v1::Change> stale;
  std::unordered_map<uint64_t, v1::Assessment> former;
  for (const v1::Change& change : changes) {
    if (!IsStale(change.sequence())) continue;
    stale.push_back(change);
    former[change.sequence()] = Row(change.sequence())->assessment();
  }
  return JudgeInGroups(stale, [&](const v1::Change& change) {
    return ReassessOne(change, former.find(change.sequence())->second, take);
  });
}

absl::StatusOr<v1::Declared> ChangeJudge::DeclaredThen(const v1::PastVersion& past) {
  for (const v1::File& file : past.files()) {
    if (file.path() != "README.md" || file.outcome() != v1::FETCHED) continue;
    RETURN_IF_ERROR(blobs_.Load({file.digest()}));
    const std::string* card = blobs_.Find(file.digest());
    if (card != nullptr) return DeclaredInCard(*card);
  }
  return v1::Declared();
}

absl::StatusOr<std::vector<v1::Assessment>> ChangeJudge::JudgePast(
    const v1::ReleaseKey& key, const std::string& name, std::span<const v1::PastVersion> past) {
  relatives_.Forget();
  rows_.clear();
  std::vector<v1::Assessment> assessments;
  assessments.reserve(past.size());
  for (const v1::PastVersion& one : past) {
    const uint64_t number = assessments.size() + 1;
    v1::Version& version = *rows_[number].mutable_version();
    version.set_sequence(number);
    v1::Observation& seen = *version.mutable_observation();
    *seen.mutable_key() = key;
    seen.set_name(name);
    seen.set_revision(one.revision());
    seen.set_observed_at_us(one.committed_at_us());
    seen.mutable_access()->set_presence(v1::PRESENT);
    *seen.mutable_files() = one.files();
    ASSIGN_OR_RETURN(*seen.mutable_declared(), DeclaredThen(one));
    RETURN_IF_ERROR(LoadTexts({number}));
    const v1::Assessment* then = assessments.empty() ? nullptr : &assessments.back();
    v1::Assessment now = Assess(version, then);
    if (then != nullptr) {
      ASSIGN_OR_RETURN(*now.mutable_shift(), ShiftFrom(*then, now));
    }
    assessments.push_back(std::move(now));
    rows_.clear();
  }
  return assessments;
}

absl::Status ChangeJudge::JudgeInGroups(std::span<const v1::Change> changes, const Each& each) {
  while (!changes.empty()) {
    size_t count = 0;
    for (uint64_t bytes = 0; count < changes.size(); ++count) {
      const v1::HistoryRow* row = Row(changes[count].sequence());
      if (row != nullptr) bytes += TextBytes(row->version().observation());
      if (count > 0 && bytes > kMaxGroupBytes) break;
    }
    RETURN_IF_ERROR(JudgeGroup(changes.first(count), each));
    changes = changes.subspan(count);
  }
  return absl::OkStatus();
}

absl::Status ChangeJudge::LoadVersions(std::span<const v1::Change> changes) {
  std::map<uint64_t, const v1::ReleaseKey*> wanted;
  for (const v1::Change& change : changes) {
    wanted.emplace(change.sequence(), &change.key());
    if (change.previous_version() != 0) wanted.emplace(change.previous_version(), &change.key());
    // An alert that waits started from a version that may be older than the previous one.
    const auto held = held_.find(proto::FormatKey(change.key()));
    if (held == held_.end()) continue;
    wanted.emplace(held->second.alert().shift().from_version(), &change.key());
  }
  v1::GetVersionsRequest request;
  for (auto it = wanted.begin(); it != wanted.end();) {
    v1::VersionRef& ref = *request.add_versions();
    ref.set_version(it->first);
    *ref.mutable_key() = *it->second;
    if (++it != wanted.end() && request.versions_size() < kMaxAsked) continue;
    ASSIGN_OR_RETURN(v1::GetVersionsResponse response, reader_.GetVersions(request));
    for (v1::HistoryRow& row : *response.mutable_rows()) {
      const uint64_t sequence = row.version().sequence();
      if (sequence == 0) continue;
      if (row.has_assessment()) {
        DropBases(TermsTable::Builtin(), row.version().observation(), *row.mutable_assessment());
      }
      rows_[sequence] = std::move(row);
    }
    request.Clear();
  }
  return absl::OkStatus();
}

absl::Status ChangeJudge::JudgeGroup(std::span<const v1::Change> changes, const Each& each) {
  std::set<uint64_t> versions, stale;
  for (const v1::Change& change : changes) {
    versions.insert(change.sequence());
    for (const uint64_t version : BaselinesOf(change)) {
      if (IsStale(version)) stale.insert(version);
    }
  }
  versions.insert(stale.begin(), stale.end());
  RETURN_IF_ERROR(LoadTexts(versions));
  // Compared with what an older evaluator or corpus concluded, better judgement would look like a
  // change of terms: the version before is judged again first. That judgement is not stored.
  for (const uint64_t version : stale) {
    v1::HistoryRow& row = rows_.find(version)->second;
    const v1::Assessment before = row.assessment();  // what a removal or a gate hides was seen then
    *row.mutable_assessment() = Assess(row.version(), &before);
  }
  // Judged first, so that the texts of this group are not pushed out by those of a comparison.
  for (const v1::Change& change : changes) {
    const auto row = rows_.find(change.sequence());
    if (row == rows_.end()) continue;
    const v1::HistoryRow* then = Row(change.previous_version());
    const v1::Assessment* previous =
        then != nullptr && then->has_assessment() ? &then->assessment() : nullptr;
    *row->second.mutable_assessment() = Assess(row->second.version(), previous);
  }
  for (const v1::Change& change : changes) RETURN_IF_ERROR(each(change));
  return absl::OkStatus();
}

// Of the texts, those that the memo does not make needless.
absl::Status ChangeJudge::LoadTexts(const std::set<uint64_t>& versions) {
  std::set<std::string> identified, read;
  std::vector<const v1::Observation*> seen;
  for (const uint64_t version : versions) {
    const v1::HistoryRow* row = Row(version);
    if (row != nullptr) seen.push_back(&row->version().observation());
  }
  if (assessor_.judge().matcher != nullptr) {
    for (const v1::Observation* observation : seen) {
      for (const v1::File* file : Assessor::FilesToIdentify(*observation)) {
        identified.insert(file->digest());
      }
    }
    RETURN_IF_ERROR(memo_.Load(identified));
  }
  for (const v1::Observation* observation : seen) {
    for (const v1::File* file : Assessor::FilesToRead(*observation)) {
      if (assessor_.NeedsText(*observation, *file, memo_.Find(file->digest()))) {
        read.insert(file->digest());
      }
    }
  }
  return blobs_.Load(read);
}

std::set<std::string> ChangeJudge::TextsOf(const v1::Change& change) const {
  std::vector<uint64_t> versions = BaselinesOf(change);
  versions.push_back(change.sequence());
  std::set<std::string> digests;
  for (const uint64_t version : versions) {
    const v1::HistoryRow* row = Row(version);
    if (row == nullptr) continue;
    for (const v1::File* file : Assessor::FilesToIdentify(row->version().observation())) {
      digests.insert(file->digest());
    }
    digests.insert(row->assessment().text_digest());
  }
  return digests;
}

uint64_t ChangeJudge::TextBytes(const v1::Observation& observation) const {
  uint64_t bytes = 0;
  for (const v1::File* file : Assessor::FilesToRead(observation)) {
    if (assessor_.NeedsText(observation, *file, nullptr)) bytes += file->size();
  }
  return bytes;
}

// The versions that a change is compared with: the one before, and that of an alert that waits.
std::vector<uint64_t> ChangeJudge::BaselinesOf(const v1::Change& change) const {
  std::vector<uint64_t> versions = {change.previous_version()};
  const auto held = held_.find(proto::FormatKey(change.key()));
  if (held != held_.end()) versions.push_back(held->second.alert().shift().from_version());
  return versions;
}

bool ChangeJudge::IsStale(uint64_t version) const {
  const v1::HistoryRow* row = Row(version);
  return row != nullptr && row->has_assessment() &&
         (row->assessment().evaluator_version() != assessor_.evaluator_version() ||
          row->assessment().corpus_version() != assessor_.corpus_version());
}

v1::Assessment ChangeJudge::Assess(const v1::Version& version,
                                   const v1::Assessment* previous) const {
  std::vector<FileText> files;
  for (const v1::File* file : Assessor::FilesToRead(version.observation())) {
    const v1::Observation& seen = version.observation();
    if (!assessor_.NeedsText(seen, *file, memo_.Find(file->digest()))) {
      files.push_back({file->path(), std::string_view()});
      continue;
    }
    const std::string* bytes = blobs_.Find(file->digest());
    if (bytes != nullptr) files.push_back({file->path(), *bytes});
  }
  return assessor_.Assess(version, files, previous);
}

absl::Status ChangeJudge::JudgeOne(const v1::Change& change, const Take& take) {
  std::vector<v1::Judgement> judgements;
  const std::set<std::string> texts = TextsOf(change);
  const auto held = held_.find(proto::FormatKey(change.key()));
  if (held != held_.end() && Policy::IsDue(held->second, change.observed_at_us())) {
    judgements.push_back(ReleaseOf(held->second));
    held_.erase(held);
  }
  const auto row = rows_.find(change.sequence());
  if (row == rows_.end()) {
    common::LogError("evaluate.version_missing",
                     {{"release", common::OneLine(proto::FormatKey(change.key()))},
                      {"version", common::Str(change.sequence())},
                      {"next", "passed over, run `modelwatch db check`"}});
    return take(std::move(judgements), {}, change.sequence());
  }
  v1::Judgement& judgement = judgements.emplace_back();
  *judgement.mutable_key() = change.key();
  v1::HistoryRow* then = Row(change.previous_version());
  if (then != nullptr && then->has_assessment()) {
    ASSIGN_OR_RETURN(*row->second.mutable_assessment()->mutable_shift(),
                     ShiftFrom(then->assessment(), row->second.assessment()));
    RETURN_IF_ERROR(relatives_.AddEvents(then, row->second));
    RETURN_IF_ERROR(Decide(*then, row->second, judgement));
  } else if (change.previous_version() == 0) {
    RETURN_IF_ERROR(relatives_.AddEvents(nullptr, row->second));
    const Side first{&row->second.version(), &row->second.assessment()};
    for (v1::Alert& alert : policy_.DecideEvents(first)) {
      *judgement.add_alerts() = std::move(alert);
    }
  }
  relatives_.Remember(row->second.assessment());
  *judgement.mutable_assessment() = row->second.assessment();
  RETURN_IF_ERROR(relatives_.JoinBaseTerms(row->second.version().observation(),
                                           *judgement.mutable_assessment()));
  ApplyHold(judgement);
  return take(std::move(judgements), memo_.TakeNew(texts), change.sequence());
}

absl::Status ChangeJudge::ReassessOne(const v1::Change& change, v1::Assessment& former,
                                      const Take& take) {
  const std::set<std::string> texts = TextsOf(change);
  v1::Assessment& now = *Row(change.sequence())->mutable_assessment();
  const v1::HistoryRow* then = Row(change.previous_version());
  if (then != nullptr && then->has_assessment()) {
    ASSIGN_OR_RETURN(*now.mutable_shift(), ShiftFrom(then->assessment(), now));
  }
  for (const v1::Event& event : former.events()) {
    if (event.id() == "E10" || event.id() == "E11" || event.id() == "E12") {
      *now.add_events() = event;
    }
  }
  std::vector<v1::Judgement> judgements;
  if (!IsSameConclusion(former, now)) {
    v1::Judgement& judgement = judgements.emplace_back();
    *judgement.mutable_key() = change.key();
    *judgement.mutable_assessment() = now;
    judgement.mutable_assessment()->set_is_reassessment(true);
    const v1::Observation& seen = Row(change.sequence())->version().observation();
    RETURN_IF_ERROR(relatives_.JoinBaseTerms(seen, *judgement.mutable_assessment()));
  }
  return take(std::move(judgements), memo_.TakeNew(texts), change.sequence());
}

absl::Status ChangeJudge::Decide(const v1::HistoryRow& then, const v1::HistoryRow& now,
                                 v1::Judgement& judgement) {
  Held waiting;
  const auto held = held_.find(proto::FormatKey(judgement.key()));
  if (held != held_.end()) {
    waiting.pending = &held->second;
    const v1::HistoryRow* baseline = Row(held->second.alert().shift().from_version());
    // Without its baseline the alert can only wait on or be replaced.
    if (baseline != nullptr && baseline->has_assessment()) {
      ASSIGN_OR_RETURN(waiting.since_baseline, ShiftFrom(baseline->assessment(), now.assessment()));
    } else {
      waiting.since_baseline = now.assessment().shift();
    }
  }
  ASSIGN_OR_RETURN(const AccessPast past, PastOf(now));
  Decision decision =
      policy_.Decide({&then.version(), &then.assessment()}, {&now.version(), &now.assessment()},
                     waiting.pending == nullptr ? nullptr : &waiting, past);
  for (const v1::Alert& alert : decision.alerts) {
    if (alert.times() > 0)
      flapping_told_us_[proto::FormatKey(alert.key())] = alert.observed_at_us();
  }
  for (v1::Alert& alert : decision.alerts) *judgement.add_alerts() = std::move(alert);
  if (decision.hold.has_value()) *judgement.add_hold() = *std::move(decision.hold);
  judgement.set_drop_held(decision.drop_held);
  return absl::OkStatus();
}

// Asked only of what lost its access; that is rare.
absl::StatusOr<AccessPast> ChangeJudge::PastOf(const v1::HistoryRow& now) {
  AccessPast past;
  const v1::Assessment& assessment = now.assessment();
  if (assessment.shift().kind() != v1::ACCESS || assessment.shift().lost().empty()) return past;
  v1::GetHistoryRequest request;
  *request.mutable_key() = assessment.key();
  request.set_limit(kMaxPastVersions);
  request.set_before_version(assessment.version() + 1);
  ASSIGN_OR_RETURN(const v1::GetHistoryResponse history, reader_.GetHistory(request));
  const int64_t since_us =
      assessment.observed_at_us() - policy_.config().flapping_window_ms() * 1000;
  past.losses = CountAccessLosses(history, since_us);
  const auto told = flapping_told_us_.find(proto::FormatKey(assessment.key()));
  past.is_told = IsFlappingTold(history, since_us) ||
                 (told != flapping_told_us_.end() && told->second >= since_us);
  return past;
}

absl::StatusOr<v1::Shift> ChangeJudge::ShiftFrom(const v1::Assessment& then,
                                                 const v1::Assessment& now) {
  const Judge judge = assessor_.judge();
  ShiftTexts texts;
  if (const auto pair = TextsNeeded(then, now); pair.has_value()) {
    std::set<std::string> digests;
    for (const std::string& digest : {pair->then_digest, pair->now_digest}) {
      if (!digest.empty()) digests.insert(digest);
    }
    RETURN_IF_ERROR(blobs_.Load(digests));
    if (const std::string* text = blobs_.Find(pair->then_digest)) texts.then_text = *text;
    if (const std::string* text = blobs_.Find(pair->now_digest)) texts.now_text = *text;
    if (!texts.then_text.empty() && !texts.now_text.empty() && judge.matcher != nullptr) {
      RETURN_IF_ERROR(memo_.Load(digests));
      texts.then_finding = &memo_.Identify(pair->then_digest, texts.then_text);
      texts.now_finding = &memo_.Identify(pair->now_digest, texts.now_text);
    }
  }
  v1::Shift shift = ShiftBetween(judge, then, now, texts);
  shift.set_from_version(then.version());
  shift.set_to_version(now.version());
  return shift;
}

const v1::HistoryRow* ChangeJudge::Row(uint64_t version) const {
  const auto found = rows_.find(version);
  return found == rows_.end() ? nullptr : &found->second;
}

v1::HistoryRow* ChangeJudge::Row(uint64_t version) {
  const auto found = rows_.find(version);
  return found == rows_.end() ? nullptr : &found->second;
}

void ChangeJudge::ApplyHold(const v1::Judgement& judgement) {
  const std::string key = proto::FormatKey(judgement.key());
  if (judgement.drop_held()) held_.erase(key);
  for (const v1::PendingAlert& pending : judgement.hold()) held_[key] = pending;
}

std::vector<v1::Judgement> ChangeJudge::ReleaseDue(
    const std::map<std::string, int64_t>& hub_time_us) {
  std::vector<v1::PendingAlert> due;
  for (const auto& [key, pending] : held_) {
    const auto hub = hub_time_us.find(pending.alert().key().hub());
    if (hub != hub_time_us.end() && Policy::IsDue(pending, hub->second)) due.push_back(pending);
  }
  std::sort(due.begin(), due.end(), [](const auto& left, const auto& right) {
    return left.alert().shift().to_version() < right.alert().shift().to_version();
  });
  std::vector<v1::Judgement> released;
  for (const v1::PendingAlert& pending : due) {
    released.push_back(ReleaseOf(pending));
    held_.erase(proto::FormatKey(pending.alert().key()));
  }
  return released;
}

}  // namespace modelwatch::evaluator
