// SPDX-License-Identifier: Apache-2.0
#include "crawler/document_reader.h"

#include <algorithm>
#include <utility>

#include "common/digest.h"
#include "common/log.h"
#include "crawler/documents/document.h"
#include "crawler/documents/terms_link.h"
#include "proto/document_path.h"

namespace modelwatch::crawler {
namespace {

constexpr size_t kMaxInFlight = 8;
constexpr int kMaxHops = 5;
constexpr absl::Duration kTimeout = absl::Seconds(20);
constexpr absl::Duration kKeep = absl::Hours(24);
constexpr absl::Duration kKeepFailure = absl::Hours(1);
constexpr size_t kMaxKeptBytes = size_t{64} << 20;
// No licence or policy that is known is longer than a tenth of it.
constexpr size_t kMaxTextBytes = size_t{1} << 20;

bool IsInside(const common::Url& url, const common::Url& endpoint, const std::string& name) {
  return common::SameOrigin(url, endpoint) && url.target.rfind("/" + name + "/", 0) == 0;
}

const v1::File* Find(const std::vector<v1::File>& files, const std::string& path) {
  const auto found = std::find_if(files.begin(), files.end(),
                                  [&](const v1::File& file) { return file.path() == path; });
  return found == files.end() ? nullptr : &*found;
}

v1::FileOutcome OutcomeOf(int status) {
  if (status == 404 || status == 410) return v1::MISSING;
  return status == 401 || status == 403 || status == 451 ? v1::REFUSED : v1::FAILED;
}

}  // namespace

DocumentReader::DocumentReader(const Hub& hub, Fetcher& fetcher, common::HttpClient& outside,
                               const common::Clock& clock, common::Metrics& metrics,
                               PdfReader* pdfs)
    : hub_(hub),
      fetcher_(fetcher),
      outside_(outside),
      clock_(clock),
      metrics_(metrics),
      pdfs_(pdfs) {}

void DocumentReader::Complete(v1::PutItem item, std::vector<v1::File> known, Freshness freshness,
                              Done done) {
  const v1::Observation& seen = item.observation();
  const auto url = LicenceAddress(seen.declared().license_link());
  const auto path = url.has_value() ? DocumentPath(*url) : std::nullopt;
  const bool is_read = path.has_value() && seen.access().presence() == v1::PRESENT &&
                       !IsInside(*url, hub_.endpoint(), seen.name());
  if (!is_read) {
    done(std::move(item));
    return;
  }
  auto job = std::make_shared<Job>();
  job->item = std::move(item);
  std::erase_if(known, [](const v1::File& f) { return !proto::IsAddressPath(f.path()); });
  job->known = std::move(known);
  job->done = std::move(done);
  const v1::File* before = Find(job->known, *path);
  if (freshness == Freshness::kKnownWillDo && before != nullptr) {
    job->found = job->known;
    Finish(*job);
    return;
  }
  Get(*url, [this, job, url = *url](const Content& content) { OnLicence(job, url, content); });
}

void DocumentReader::OnLicence(const std::shared_ptr<Job>& job, const common::Url& url,
                               const Content& content) {
  if (content.outcome == v1::FAILED) {
    job->found = job->known;
    Finish(*job);
    return;
  }
  Add(*job, url, content);
  if (content.policies.empty()) {
    Finish(*job);
    return;
  }
  const std::vector<common::Url> policies = content.policies;  // `content` may move meanwhile
  job->waiting = policies.size();
  for (const common::Url& policy : policies) {
    Get(policy, [this, job, policy](const Content& found) {
      Add(*job, policy, found);
      if (--job->waiting == 0) Finish(*job);
    });
  }
}

void DocumentReader::Add(Job& job, const common::Url& url, const Content& content) {
  const auto path = DocumentPath(url);
  if (!path.has_value() || Find(job.found, *path) != nullptr) return;
  const v1::File* before = Find(job.known, *path);
  if (content.outcome == v1::FAILED) {
    if (before != nullptr) job.found.push_back(*before);
    return;
  }
  v1::File& file = job.found.emplace_back();
  file.set_path(*path);
  file.set_outcome(content.outcome);
  if (content.outcome != v1::FETCHED) return;
  file.set_size(content.text.size());
  file.set_digest(content.digest);
  if (before != nullptr && before->digest() == content.digest) return;
  if (!sent_.insert(content.digest).second) return;
  v1::Blob& blob = *job.item.add_blobs();
  blob.set_digest(content.digest);
  blob.set_content(content.text);
}

void DocumentReader::Finish(Job& job) {
  auto& files = *job.item.mutable_observation()->mutable_files();
  files.erase(
      std::remove_if(files.begin(), files.end(),
                     [](const v1::File& file) { return proto::IsAddressPath(file.path()); }),
      files.end());
  for (v1::File& file : job.found) *files.Add() = std::move(file);
  std::sort(files.begin(), files.end(),
            [](const v1::File& a, const v1::File& b) { return a.path() < b.path(); });
  job.done(std::move(job.item));
}

void DocumentReader::Forget(const v1::Observation& observation) {
  for (const v1::File& file : observation.files()) sent_.erase(file.digest());
}

void DocumentReader::Get(const common::Url& url, Use use) {
  const std::string key = common::FormatUrl(url);
  DropOld();
  Address& address = addresses_[key];
  const absl::Duration keep = address.content.outcome == v1::FAILED ? kKeepFailure : kKeep;
  if (!address.is_asked && clock_.Now() - address.read_at < keep) {
    const Content content = address.content;
    use(content);
    return;
  }
  address.waiting.push_back(std::move(use));
  if (address.is_asked) return;
  address.is_asked = true;
  address.hops = 0;
  queue_.push_back(url);
  Pump();
}

void DocumentReader::Pump() {
  while (in_flight_ < kMaxInFlight && !queue_.empty()) {
    const common::Url url = std::move(queue_.front());
    queue_.pop_front();
    ++in_flight_;
    Ask(common::FormatUrl(url), url);
  }
}

void DocumentReader::Ask(const std::string& key, const common::Url& url) {
  if (common::SameOrigin(url, hub_.endpoint())) {
    FetchRequest request;
    request.target = url.target;
    request.max_body_bytes = kMaxHtmlBytes;
    fetcher_.Fetch(std::move(request), [this, key, url](FetchResult result) {
      OnHubAnswer(key, url, std::move(result));
    });
    return;
  }
  common::HttpRequest request;
  request.url = common::FormatUrl(url);
  request.headers = {{"accept", "text/plain, text/html;q=0.9, */*;q=0.1"}};
  request.max_body_bytes = kMaxHtmlBytes;
  request.timeout = kTimeout;
  outside_.Start(std::move(request),
                 [this, key, url](absl::StatusOr<common::HttpResponse> response) {
                   OnOutsideAnswer(key, url, std::move(response));
                 });
}

void DocumentReader::OnHubAnswer(const std::string& key, const common::Url& url,
                                 FetchResult result) {
  switch (result.outcome) {
    case Outcome::kOk:
      OnBody(key, url, result.response);
      return;
    case Outcome::kRenamed:
    case Outcome::kElsewhere:
      Follow(key, url, result.location);
      return;
    case Outcome::kGated:
      Settle(key, {v1::REFUSED, "", "", {}}, result.reason);
      return;
    case Outcome::kMissingOrPrivate:
    case Outcome::kEntryMissing:
    case Outcome::kRevisionMissing:
      Settle(key, {v1::MISSING, "", "", {}}, result.reason);
      return;
    default:
      Settle(key, Content(), result.reason);
      return;
  }
}

void DocumentReader::OnOutsideAnswer(const std::string& key, const common::Url& url,
                                     absl::StatusOr<common::HttpResponse> response) {
  if (!response.ok()) {
    // An address that may not be asked never may: that is a fact of the link.
    const bool is_final =
        absl::IsPermissionDenied(response.status()) || absl::IsInvalidArgument(response.status());
    Settle(key, {is_final ? v1::EXTERNAL : v1::FAILED, "", "", {}},
           std::string(response.status().message()));
    return;
  }
  const std::string location(response->headers.Get("location").value_or(""));
  if (response->status >= 300 && response->status < 400 && !location.empty()) {
    const auto next = common::ResolveUrl(url, location);
    if (next.ok()) {
      Follow(key, url, *next);
    } else {
      Settle(key, Content(), "it leads to what is no address");
    }
    return;
  }
  if (response->status == 200) {
    OnBody(key, url, *response);
    return;
  }
  Settle(key, {OutcomeOf(response->status), "", "", {}},
         "HTTP " + std::to_string(response->status));
}

void DocumentReader::Follow(const std::string& key, const common::Url& from,
                            const common::Url& to) {
  const bool is_downgrade = from.scheme == "https" && to.scheme != "https";
  if (++addresses_[key].hops > kMaxHops || is_downgrade) {
    Settle(key, Content(), "it leads on too often, or to an address without TLS");
    return;
  }
  Ask(key, to);
}

void DocumentReader::OnBody(const std::string& key, const common::Url& url,
                            const common::HttpResponse& response) {
  if (response.body_is == common::HttpBody::kTooLarge) {
    Settle(key, {v1::TOO_LARGE, "", "", {}}, "too large");
    return;
  }
  if (pdfs_ != nullptr && IsPdf(response.body)) {
    pdfs_->Read(response.body,
                [this, key, url](const PdfReader::Text& text) { OnPdf(key, url, text); });
    return;
  }
  auto document =
      ReadDocument(response.body, response.headers.Get("content-type").value_or(""), url);
  if (!document.ok()) {
    Settle(key, {v1::EXTERNAL, "", "", {}}, std::string(document.status().message()));
    return;
  }
  SettleText(key, std::move(document->text), std::move(document->policies));
}

void DocumentReader::OnPdf(const std::string& key, const common::Url& url,
                           const PdfReader::Text& text) {
  if (text.ok()) {
    SettleText(key, *text, PolicyAddresses(*text, {}, url));
    return;
  }
  const absl::Status& status = text.status();
  const v1::FileOutcome outcome = absl::IsResourceExhausted(status) ? v1::TOO_LARGE
                                  : absl::IsInvalidArgument(status) ? v1::EXTERNAL
                                                                    : v1::FAILED;
  Settle(key, {outcome, "", "", {}}, std::string(status.message()));
}

void DocumentReader::SettleText(const std::string& key, std::string text,
                                std::vector<common::Url> policies) {
  if (text.size() > kMaxTextBytes) {
    Settle(key, {v1::TOO_LARGE, "", "", {}}, "too large");
    return;
  }
  Content content;
  content.outcome = v1::FETCHED;
  content.digest = common::Sha256(text);
  content.text = std::move(text);
  content.policies = std::move(policies);
  Settle(key, std::move(content), "");
}

void DocumentReader::Settle(const std::string& key, Content content, std::string_view reason) {
  --in_flight_;
  if (content.outcome != v1::FETCHED) {
    common::LogInfo("crawl.document_unread",
                    {{"hub", hub_.name()}, {"address", key}, {"reason", std::string(reason)}});
  }
  metrics_.Count(
      "modelwatch_crawl_documents_total",
      "Addresses outside a release that were read for its terms.",
      {{"hub", hub_.name()}, {"outcome", content.outcome == v1::FETCHED ? "fetched" : "unread"}});
  Address& address = addresses_[key];
  address.content = std::move(content);
  address.read_at = clock_.Now();
  address.is_asked = false;
  kept_bytes_ += address.content.text.size();
  const auto waiting = std::exchange(address.waiting, {});
  const Content settled = address.content;
  for (const Use& use : waiting) use(settled);
  Pump();
}

void DocumentReader::DropOld() {
  if (kept_bytes_ <= kMaxKeptBytes) return;
  std::erase_if(addresses_, [](const auto& each) { return !each.second.is_asked; });
  kept_bytes_ = 0;
}

}  // namespace modelwatch::crawler
