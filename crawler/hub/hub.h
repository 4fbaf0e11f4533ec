// SPDX-License-Identifier: Apache-2.0
// Hub: what to ask a hub, and what its answers say. Pure: no I/O, no clock, no thread, no judgement
// about licences. One file pair a hub; registry.h knows them by name.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/http_headers.h"
#include "common/url.h"
#include "modelwatch/v1/observation.pb.h"

namespace modelwatch::crawler {

// The hub's separate quotas. A request spends from one of them.
enum class QuotaClass { kApi, kResolvers, kPages };
inline constexpr int kQuotaClasses = 3;
[[nodiscard]] std::string_view Word(QuotaClass quota);

// What an answer means. Only some of these say anything about the release: trouble of the hub or of
// the way there (kRateLimited, kRetryable, kBadCredential, kRefused) never means that it is gone.
enum class Outcome {
  kOk,
  kNotModified,       // 304: the content is the one whose oid was named
  kGated,             // the content asks for an agreement first
  kMissingOrPrivate,  // no such release, or not for us to see: a hub does not say which
  kEntryMissing,      // the release is there, the file is not
  kRevisionMissing,   // the release is there, the revision is not
  kDisabled,          // taken down by the hub
  kRenamed,           // look at `location`, at the same hub
  kElsewhere,         // look at `location`, at another origin: never with our credential
  kBadCredential,     // our token is not accepted: a person must act
  kRateLimited,
  kRetryable,  // trouble at the hub; ask again later
  kRefused,    // anything else: asking again will not help
};
[[nodiscard]] std::string_view Word(Outcome outcome);

// The parts of an answer that its meaning rests on.
struct Answer {
  int status = 0;
  const common::HttpHeaders& headers;
  std::string_view body;         // as far as it was read
  bool sent_credential = false;  // whether the request carried our token
};

struct Verdict {
  Outcome outcome = Outcome::kRefused;
  std::string reason;    // one line for a log, e.g. "HTTP 401 GatedRepo: Access to ..."
  common::Url location;  // for kRenamed and kElsewhere
};

// One listed release, and which of its files are worth reading, sorted.
struct Row {
  v1::Observation observation;  // without files
  std::vector<std::string> files;
  uint64_t downloads = 0;  // of late, as the hub counts them; 0 when it does not say
  std::string gguf = {};   // the weights file whose header is worth reading; empty: none
};

// One commit of a release's default branch.
struct ListedCommit {
  std::string revision;         // 40 hex; empty when the hub's entry cannot be used
  int64_t committed_at_us = 0;  // by the hub's word; 0 when it does not say
};
inline constexpr uint32_t kCommitsPerPage = 50;

// A row that could not be used. The rest of its page can.
struct BadRow {
  size_t position = 0;  // in the page, from 0
  std::string reason;
};

struct Page {
  std::vector<Row> rows;
  std::vector<BadRow> bad_rows;
  size_t repaired = 0;  // rows that held invalid UTF-8, read after replacing it
};

enum class Listing {
  kByCreation,      // oldest first: the order never changes, so a cursor stays good
  kByLastModified,  // newest first
};

// Stateless and thread-safe.
class Hub {
 public:
  virtual ~Hub() = default;

  // Under which its releases stand in the index: each kind of a hub is a hub there.
  [[nodiscard]] virtual const std::string& name() const = 0;
  [[nodiscard]] virtual const common::Url& endpoint() const = 0;

  // Targets (path and query) at the endpoint.
  [[nodiscard]] virtual std::string ListingTarget(Listing listing, uint32_t page_size) const = 0;
  [[nodiscard]] virtual std::string ReleaseTarget(std::string_view release) const = 0;
  [[nodiscard]] virtual std::string FileTarget(std::string_view release, std::string_view revision,
                                               std::string_view path) const = 0;
  // A release as it stood at a commit, and its commits from one back to the first: kCommitsPerPage
  // a page, pages from 0, newest first.
  [[nodiscard]] virtual std::string RevisionTarget(std::string_view release,
                                                   std::string_view revision) const = 0;
  [[nodiscard]] virtual std::string CommitsTarget(std::string_view release,
                                                  std::string_view revision,
                                                  uint32_t page) const = 0;
  // Whether a target asks about one release, as ReleaseTarget does.
  [[nodiscard]] virtual bool IsReleaseTarget(std::string_view target) const = 0;
  // Whether releases of such a name, or pattern of names, are listed here.
  [[nodiscard]] virtual bool Lists(std::string_view name) const = 0;
  // The same page of a listing with at most `page_size` rows.
  [[nodiscard]] virtual std::string SmallerPage(std::string_view target,
                                                uint32_t page_size) const = 0;
  [[nodiscard]] virtual QuotaClass QuotaOf(std::string_view target) const = 0;

  [[nodiscard]] virtual Verdict Judge(const common::Url& asked, const Answer& answer) const = 0;

  // Where the listing goes on: a target, "" after the last page. INVALID_ARGUMENT: the hub names
  // another origin, or several different next pages.
  [[nodiscard]] virtual absl::StatusOr<std::string> NextPage(
      const common::HttpHeaders& headers) const = 0;

  // The rows of a listing page; `observed_at_us` is the hub's clock. A row that cannot be used is
  // among bad_rows. INVALID_ARGUMENT: the body is no listing at all, or cut short.
  // RESOURCE_EXHAUSTED: it is the hub's word that we ask too much, sent with a status of 200.
  [[nodiscard]] virtual absl::StatusOr<Page> ParsePage(std::string_view body,
                                                       int64_t observed_at_us) const = 0;

  // The one release of a ReleaseTarget or RevisionTarget. Errors as ParsePage.
  [[nodiscard]] virtual absl::StatusOr<Row> ParseRelease(std::string_view body,
                                                         int64_t observed_at_us) const = 0;

  // The entries of a CommitsTarget, in order. Errors as ParsePage; also INVALID_ARGUMENT: more than
  // kCommitsPerPage.
  [[nodiscard]] virtual absl::StatusOr<std::vector<ListedCommit>> ParseCommits(
      std::string_view body) const = 0;
  // How many commits there are on all pages; 0 when the hub does not say.
  [[nodiscard]] virtual uint32_t CommitCount(const common::HttpHeaders& headers) const = 0;
};

}  // namespace modelwatch::crawler
