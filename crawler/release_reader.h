// SPDX-License-Identifier: Apache-2.0
// ReleaseReader: from a listed row to a whole observation, reading no file that is known already.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/metrics.h"
#include "crawler/fetch/fetcher.h"
#include "crawler/fetch/oid_table.h"
#include "crawler/hub/hub.h"
#include "crawler/storage_reader.h"
#include "modelwatch/v1/ingest.pb.h"
#include "modelwatch/v1/read.pb.h"

namespace modelwatch::crawler {

// All observation and blob bytes of one item stay under what the index takes in one message.
inline constexpr size_t kMaxItemBlobBytes = size_t{24} << 20;

// What is read of a row:
//   the row says what the newest version says   nothing: that version was seen again
//   disabled, or no revision                    nothing: the newest version's files are kept
//   same revision, only metadata or access new  the files that were refused or failed; content at a
//                                               revision never changes
//   otherwise                                   every wanted file, "if none match" the oid before
// A file's header is asked first: its ETag is the git oid, so that the body of each content is
// asked for once, whatever number of releases holds it. That is two requests of the generous
// resolvers class for new content and one for known; the official Python client asks in the same
// way. A file that stands outside git (LFS, Xet) is read from the hub's storage when it is small
// enough to be a text; there the hub's name of it is the SHA-256 that we know it by. One thread.
class ReleaseReader {
 public:
  using Done = std::function<void(v1::PutItem)>;

  // All references must outlive this, and this every fetch it started. `storage` may be null: then
  // what stands outside git is not read.
  ReleaseReader(const Hub& hub, Fetcher& fetcher, OidTable& oids, common::Metrics& metrics,
                size_t max_body_bytes, StorageReader* storage);
  ~ReleaseReader();
  ReleaseReader(const ReleaseReader&) = delete;
  ReleaseReader& operator=(const ReleaseReader&) = delete;

  // `head` is the newest version, null when there is none or it cannot be known. `done` is called
  // once, at once when nothing needs fetching; the item is without contents that have a git oid,
  // see Attach(). A file that could not be read is FAILED. A reading that is shared keeps the
  // priority of who came first.
  void Read(const Row& row, const v1::Head* head, Priority priority, Done done);

  // Adds the contents that the index has not: last of all, so that they go with whichever release
  // that holds them is published first, and none waits for what is read of another meanwhile.
  void Attach(v1::PutItem& item);
  // A content that no release was published with yet, or "".
  [[nodiscard]] std::string ContentOf(std::string_view oid) const { return oids_.Content(oid); }

  // The index does not hold what was found: the item was not published, or its content is not
  // there.
  void Forget(const v1::PutItem& item);
  // The index is another one: nothing that was found before is in it.
  void ForgetAll();

  // Readings not done yet.
  [[nodiscard]] size_t active() const { return jobs_.size(); }

 private:
  struct Job;
  struct FileJob;

  // What a reading found, for a while: the index may not have it yet when the row shows up again.
  struct Recent {
    std::string row_digest;
    google::protobuf::RepeatedPtrField<v1::File> files;
  };

  [[nodiscard]] bool Share(const Row& row, const std::string& row_digest, Done& done);
  void Begin(Job& job, const Row& row, const v1::Head* head);
  void Remember(const Job& job);
  void ReadFile(Job& job, size_t at);
  void Ask(Job& job, size_t at);
  void AskForBody(Job& job, size_t at);
  void OnHead(Job& job, size_t at, const FetchResult& result);
  void OnAwaited(Job& job, size_t at);
  void OnFile(Job& job, size_t at, FetchResult result);
  void OnContent(Job& job, size_t at, FetchResult result);
  void OnRedirect(Job& job, size_t at, const FetchResult& result);
  void OnElsewhere(Job& job, size_t at, const FetchResult& result);
  void OnStored(Job& job, size_t at, const std::string& digest,
                const absl::StatusOr<std::string>& content);
  void Settle(Job& job, size_t at, v1::FileOutcome outcome, const char* how);
  void Fail(Job& job, size_t at, const std::string& reason);
  void DropBody(FileJob& file);
  void Finish(Job& job);

  const Hub& hub_;
  Fetcher& fetcher_;
  OidTable& oids_;
  common::Metrics& metrics_;
  const size_t max_body_bytes_;
  StorageReader* const storage_;
  std::unordered_map<Job*, std::unique_ptr<Job>> jobs_;
  std::unordered_map<std::string, Job*> by_key_;    // the newest reading of each release under way
  std::unordered_map<std::string, Recent> recent_;  // by key
  std::deque<std::string> recent_order_;
};

}  // namespace modelwatch::crawler
