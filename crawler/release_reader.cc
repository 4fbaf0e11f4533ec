// SPDX-License-Identifier: Apache-2.0
#include "crawler/release_reader.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "common/digest.h"
#include "common/log.h"
#include "crawler/documents/pointer.h"
#include "proto/digests.h"
#include "proto/release_id.h"

namespace modelwatch::crawler {
namespace {

constexpr int kMaxHops = 5;
// Of a file outside git. No licence that is known is longer than a tenth of it.
constexpr uint64_t kMaxStoredBytes = uint64_t{1} << 20;
// Enough for the pages that may be open in two listings at once.
constexpr size_t kRecentReadings = 8192;

// The git oid that a strong ETag of a small file is; "" for anything else.
std::string OidOf(const common::HttpResponse& response) {
  const std::string_view etag = response.headers.Get("etag").value_or("");
  if (etag.size() != 42 || etag.front() != '"' || etag.back() != '"') return "";
  const std::string_view oid = etag.substr(1, 40);
  return common::IsGitOid(oid) ? std::string(oid) : std::string();
}

// The SHA-256 by which the hub names a content outside git; "" when it does not.
std::string LinkedDigest(const common::HttpResponse& response) {
  std::string_view etag = response.headers.Get("x-linked-etag").value_or("");
  if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"') {
    etag = etag.substr(1, etag.size() - 2);
  }
  if (etag.size() != 2 * common::kSha256Bytes) return "";
  return common::FromHex(etag).value_or("");
}

uint64_t LinkedSize(const common::HttpResponse& response) {
  uint64_t size = 0;
  const auto field = response.headers.Get("x-linked-size");
  return field && absl::SimpleAtoi(std::string(*field), &size) ? size : 0;
}

const v1::File* FindFile(const v1::Observation& observation, const std::string& path) {
  for (const v1::File& file : observation.files()) {
    if (file.path() == path) return &file;
  }
  return nullptr;
}

// Whether what is known of a file still holds, at the same revision.
bool StillHolds(const v1::File& file, const v1::Observation& before, const v1::Observation& now) {
  if (before.revision() != now.revision()) return false;
  if (file.outcome() == v1::REFUSED) {
    return now.access().gate() != v1::OPEN && now.access().gate() == before.access().gate();
  }
  return file.outcome() != v1::FAILED && file.outcome() != v1::FILE_OUTCOME_UNSPECIFIED;
}

}  // namespace

struct ReleaseReader::FileJob {
  v1::File file;       // what is known when it is done
  std::string prior;   // oid of the content before, when it is in the index
  std::string begun;   // oid whose body we are fetching for everyone
  std::string digest;  // of the prior content
  uint64_t prior_size = 0;
  std::string content;  // of a body that has no git oid
  std::string target;   // asked next
  bool wants_body = false;
  int hops = 0;
};

struct ReleaseReader::Job {
  v1::PutItem item;
  std::vector<FileJob> files;
  size_t waiting = 0;
  Done done;
  Priority priority = Priority::kChanged;
  std::string key;
  std::string row_digest;
  // Later rows that say the same: each has its own time.
  std::vector<std::pair<v1::Observation, Done>> followers;
};

ReleaseReader::ReleaseReader(const Hub& hub, Fetcher& fetcher, OidTable& oids,
                             common::Metrics& metrics, size_t max_body_bytes,
                             StorageReader* storage)
    : hub_(hub),
      fetcher_(fetcher),
      oids_(oids),
      metrics_(metrics),
      max_body_bytes_(max_body_bytes),
      storage_(storage) {}

ReleaseReader::~ReleaseReader() = default;

void ReleaseReader::Read(const Row& row, const v1::Head* head, Priority priority, Done done) {
  v1::PutItem item;
  const std::string row_digest = proto::ObservationRowDigest(row.observation);
  const bool has_before = head != nullptr && head->found();
  if (has_before && !head->needs_visit() && head->row_digest() == row_digest) {
    *item.mutable_observation() = head->observation();
    item.mutable_observation()->set_observed_at_us(row.observation.observed_at_us());
    done(std::move(item));
    return;
  }
  const v1::Observation& now = row.observation;
  if (now.access().presence() != v1::PRESENT || now.revision().empty()) {
    *item.mutable_observation() = now;
    if (has_before) *item.mutable_observation()->mutable_files() = head->observation().files();
    done(std::move(item));
    return;
  }
  if (Share(row, row_digest, done)) return;
  auto owned = std::make_unique<Job>();
  Job& job = *owned;
  *job.item.mutable_observation() = now;
  job.key = proto::FormatKey(now.key());
  job.row_digest = row_digest;
  job.done = std::move(done);
  job.priority = priority;
  jobs_.emplace(&job, std::move(owned));
  by_key_[job.key] = &job;
  Begin(job, row, head);
}

// True when a reading of the same row is under way or just over: `done` gets what that one finds.
bool ReleaseReader::Share(const Row& row, const std::string& row_digest, Done& done) {
  const std::string key = proto::FormatKey(row.observation.key());
  const auto under_way = by_key_.find(key);
  if (under_way != by_key_.end() && under_way->second->row_digest == row_digest) {
    under_way->second->followers.emplace_back(row.observation, std::move(done));
    return true;
  }
  const auto recent = recent_.find(key);
  if (recent == recent_.end() || recent->second.row_digest != row_digest) return false;
  v1::PutItem item;
  *item.mutable_observation() = row.observation;
  *item.mutable_observation()->mutable_files() = recent->second.files;
  done(std::move(item));
  return true;
}

void ReleaseReader::Begin(Job& job, const Row& row, const v1::Head* head) {
  const bool has_before = head != nullptr && head->found();
  for (const std::string& path : row.files) {
    FileJob& file = job.files.emplace_back();
    file.file.set_path(path);
    const v1::File* before = has_before ? FindFile(head->observation(), path) : nullptr;
    if (before == nullptr) continue;
    if (StillHolds(*before, head->observation(), job.item.observation())) {
      file.file = *before;
    } else if (before->outcome() == v1::FETCHED && !before->digest().empty()) {
      file.prior = before->oid();
      file.digest = before->digest();
      file.prior_size = before->size();
    }
  }
  job.waiting = 1;  // so that nothing finishes the job while its files are being started
  for (size_t i = 0; i < job.files.size(); ++i) {
    if (job.files[i].file.outcome() != v1::FILE_OUTCOME_UNSPECIFIED) continue;
    ++job.waiting;
    ReadFile(job, i);
  }
  if (--job.waiting == 0) Finish(job);
}

void ReleaseReader::ReadFile(Job& job, size_t at) {
  const v1::Observation& observation = job.item.observation();
  job.files[at].target =
      hub_.FileTarget(observation.name(), observation.revision(), job.files[at].file.path());
  Ask(job, at);
}

void ReleaseReader::Ask(Job& job, size_t at) {
  const FileJob& file = job.files[at];
  FetchRequest request;
  request.target = file.target;
  request.priority = job.priority;
  request.is_head = !file.wants_body;
  if (request.is_head) request.known_oid = file.prior;
  request.max_body_bytes = max_body_bytes_;
  request.check = [](common::HttpResponse& response) {
    const std::string oid = OidOf(response);
    if (response.body_is == common::HttpBody::kWhole && !oid.empty() &&
        common::GitBlobOid(response.body) != oid) {
      return absl::DataLossError("the body is not the content of its ETag (cut short?)");
    }
    return absl::OkStatus();
  };
  if (request.is_head) request.check = nullptr;
  fetcher_.Fetch(std::move(request),
                 [this, &job, at](FetchResult result) { OnFile(job, at, std::move(result)); });
}

void ReleaseReader::AskForBody(Job& job, size_t at) {
  job.files[at].wants_body = true;
  Ask(job, at);
}

// The header told which content it is: a body that is here, or on its way, is not asked for.
void ReleaseReader::OnHead(Job& job, size_t at, const FetchResult& result) {
  FileJob& file = job.files[at];
  const std::string oid = OidOf(result.response);
  file.file.set_oid(oid);
  if (result.response.body_is == common::HttpBody::kTooLarge) {
    file.file.set_size(result.response.body_bytes);
    Settle(job, at, v1::TOO_LARGE, "too_large");
  } else if (oids_.Look(oid) == OidTable::State::kOnItsWay) {
    oids_.Await(oid, [this, &job, at] { OnAwaited(job, at); });
  } else if (oids_.Look(oid) == OidTable::State::kKnown) {
    OnAwaited(job, at);
  } else {
    if (!oid.empty()) oids_.Begin(oid);
    file.begun = oid;
    AskForBody(job, at);
  }
}

void ReleaseReader::OnAwaited(Job& job, size_t at) {
  FileJob& file = job.files[at];
  if (oids_.Look(file.file.oid()) != OidTable::State::kKnown) {
    Fail(job, at, "the content was on its way for another release and did not come");
    return;
  }
  file.file.set_digest(oids_.Digest(file.file.oid()));
  Settle(job, at, v1::FETCHED, "known");
}

// The body that others may wait for will not come from here.
void ReleaseReader::DropBody(FileJob& file) {
  if (!file.begun.empty()) oids_.Fail(std::exchange(file.begun, ""));
}

void ReleaseReader::OnFile(Job& job, size_t at, FetchResult result) {
  FileJob& file = job.files[at];
  switch (result.outcome) {
    case Outcome::kOk:
      if (file.wants_body) {
        OnContent(job, at, std::move(result));
      } else {
        OnHead(job, at, result);
      }
      return;
    case Outcome::kNotModified:
      file.file.set_oid(file.prior);
      file.file.set_digest(file.digest);
      file.file.set_size(file.prior_size);
      Settle(job, at, v1::FETCHED, "not_modified");
      return;
    case Outcome::kGated:
      Settle(job, at, v1::REFUSED, "refused");
      return;
    case Outcome::kEntryMissing:
      Settle(job, at, v1::MISSING, "missing");
      return;
    case Outcome::kElsewhere:
      OnElsewhere(job, at, result);
      return;
    case Outcome::kRenamed:
      OnRedirect(job, at, result);
      return;
    default:
      Fail(job, at, result.reason);
      return;
  }
}

void ReleaseReader::OnRedirect(Job& job, size_t at, const FetchResult& result) {
  const std::string& target = result.location.target;
  if (++job.files[at].hops > kMaxHops || hub_.QuotaOf(target) != QuotaClass::kResolvers) {
    Fail(job, at, result.reason + " (redirected too often, or to something that is no file)");
    return;
  }
  job.files[at].target = target;
  Ask(job, at);
}

void ReleaseReader::OnElsewhere(Job& job, size_t at, const FetchResult& result) {
  FileJob& file = job.files[at];
  const uint64_t size = LinkedSize(result.response);
  const std::string digest = LinkedDigest(result.response);
  file.file.set_size(size);
  const uint64_t most = std::min<uint64_t>(kMaxStoredBytes, max_body_bytes_);
  if (storage_ == nullptr || digest.empty() || size == 0 || size > most) {
    Settle(job, at, v1::EXTERNAL, "external");
    return;
  }
  if (digest == file.digest) {
    file.file.set_digest(digest);
    Settle(job, at, v1::FETCHED, "known");
    return;
  }
  storage_->ReadWhole(result.location, most,
                      [this, &job, at, digest](const absl::StatusOr<std::string>& content) {
                        OnStored(job, at, digest, content);
                      });
}

void ReleaseReader::OnStored(Job& job, size_t at, const std::string& digest,
                             const absl::StatusOr<std::string>& content) {
  FileJob& file = job.files[at];
  absl::Status status = content.status();
  if (status.ok() && common::Sha256(*content) != digest) {
    status = absl::DataLossError("the storage's content is not that of its X-Linked-Etag");
  }
  if (absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status)) {
    Fail(job, at, std::string(status.message()));
    return;
  }
  if (!status.ok()) {
    common::LogInfo("crawl.file_external", {{"hub", hub_.name()},
                                            {"release", job.item.observation().name()},
                                            {"path", file.file.path()},
                                            {"reason", std::string(status.message())}});
    Settle(job, at, v1::EXTERNAL, "external");
    return;
  }
  file.file.set_size(content->size());
  file.file.set_digest(digest);
  file.content = *content;
  Settle(job, at, v1::FETCHED, "fetched");
}

void ReleaseReader::OnContent(Job& job, size_t at, FetchResult result) {
  FileJob& file = job.files[at];
  const std::string oid = OidOf(result.response);
  file.file.set_oid(oid);
  file.file.set_size(result.response.body_bytes);
  if (result.response.body_is == common::HttpBody::kTooLarge) {
    DropBody(file);
    Settle(job, at, v1::TOO_LARGE, "too_large");
    return;
  }
  if (const auto pointer = ParsePointer(result.response.body)) {
    // A hub that does not lead on to where the content is.
    file.file.set_size(pointer->size);
    Settle(job, at, v1::EXTERNAL, "external");
    return;
  }
  if (!oid.empty() && file.begun == oid) {
    file.begun.clear();
    file.file.set_digest(common::Sha256(result.response.body));
    oids_.Settle(oid, std::move(result.response.body));
  } else {
    DropBody(file);
    file.file.set_digest(common::Sha256(result.response.body));
    file.content = std::move(result.response.body);
  }
  Settle(job, at, v1::FETCHED, "fetched");
}

void ReleaseReader::Fail(Job& job, size_t at, const std::string& reason) {
  const v1::Observation& observation = job.item.observation();
  common::LogWarning("crawl.file_failed", {{"hub", hub_.name()},
                                           {"release", observation.name()},
                                           {"path", job.files[at].file.path()},
                                           {"reason", reason},
                                           {"next", "the release is visited again later"}});
  Settle(job, at, v1::FAILED, "failed");
}

void ReleaseReader::Settle(Job& job, size_t at, v1::FileOutcome outcome, const char* how) {
  DropBody(job.files[at]);
  job.files[at].file.set_outcome(outcome);
  metrics_.Count("modelwatch_crawl_files_total", "Files looked at, by what came of it.",
                 {{"hub", hub_.name()}, {"outcome", how}});
  if (--job.waiting == 0) Finish(job);
}

void ReleaseReader::Attach(v1::PutItem& item) {
  static const auto& of_nothing = *new std::string(common::Sha256(""));
  size_t bytes = 0;
  std::set<std::string> held;
  for (const v1::Blob& blob : item.blobs()) {
    bytes += blob.content().size();
    held.insert(blob.digest());
  }
  for (v1::File& file : *item.mutable_observation()->mutable_files()) {
    if (file.outcome() != v1::FETCHED || file.oid().empty() || held.contains(file.digest()))
      continue;
    std::string content = oids_.TakeContent(file.oid());
    // The empty file has no bytes to take, but its digest must be known to the index as well.
    if (content.empty() && file.digest() != of_nothing) continue;
    if (bytes + content.size() > kMaxItemBlobBytes) {
      oids_.Forget(file.oid());
      recent_.erase(proto::FormatKey(item.observation().key()));
      file.clear_digest();
      file.set_outcome(v1::TOO_LARGE);
      continue;
    }
    bytes += content.size();
    held.insert(file.digest());
    v1::Blob& blob = *item.add_blobs();
    blob.set_digest(file.digest());
    blob.set_oid(file.oid());
    blob.set_content(std::move(content));
  }
}

void ReleaseReader::Finish(Job& job) {
  for (FileJob& file : job.files) {
    if (file.file.outcome() == v1::FETCHED && !file.content.empty()) {
      v1::Blob& blob = *job.item.add_blobs();
      blob.set_digest(file.file.digest());
      blob.set_oid(file.file.oid());
      blob.set_content(std::move(file.content));
    }
    *job.item.mutable_observation()->add_files() = std::move(file.file);
  }
  const auto newest = by_key_.find(job.key);  // gone when a later reading ended before this one
  if (newest != by_key_.end() && newest->second == &job) by_key_.erase(newest);
  Remember(job);
  const auto owned = std::move(jobs_.extract(&job).mapped());
  const auto files = owned->item.observation().files();
  owned->done(std::move(owned->item));
  for (auto& [observation, done] : owned->followers) {
    v1::PutItem item;
    *item.mutable_observation() = std::move(observation);
    *item.mutable_observation()->mutable_files() = files;
    done(std::move(item));
  }
}

void ReleaseReader::Forget(const v1::PutItem& item) {
  recent_.erase(proto::FormatKey(item.observation().key()));
  for (const v1::File& file : item.observation().files()) oids_.Forget(file.oid());
}

void ReleaseReader::ForgetAll() { recent_.clear(); }

void ReleaseReader::Remember(const Job& job) {
  const auto& files = job.item.observation().files();
  const bool is_whole = std::all_of(files.begin(), files.end(), [](const v1::File& file) {
    return file.outcome() == v1::FETCHED;
  });
  if (!is_whole) {  // to be looked at again
    recent_.erase(job.key);
    return;
  }
  if (!recent_.contains(job.key)) recent_order_.push_back(job.key);
  recent_[job.key] = {job.row_digest, files};
  if (recent_order_.size() <= kRecentReadings) return;
  recent_.erase(recent_order_.front());
  recent_order_.pop_front();
}

}  // namespace modelwatch::crawler
