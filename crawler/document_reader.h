// SPDX-License-Identifier: Apache-2.0
// DocumentReader: the terms of a release that stand outside its own files.
//
// What `license_link` leads to, and the use policies that it names, become files of the
// observation, under paths that no repository can hold ("https:host/path", see
// documents/terms_link.h). Of a web page or a PDF its words are kept, so that a page that is
// written anew at every visit is one content.
//
// Whoever serves a page owes us nothing: an address is asked at most once a day, whatever number of
// releases names it, a few at a time, without any credential. What cannot be read now leaves what
// is known of it standing; only a plain 404, 410 or refusal is news.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "absl/time/time.h"
#include "common/clock.h"
#include "common/http/http_client.h"
#include "common/metrics.h"
#include "common/url.h"
#include "crawler/fetch/fetcher.h"
#include "crawler/hub/hub.h"
#include "crawler/pdf_reader.h"
#include "modelwatch/v1/ingest.pb.h"

namespace modelwatch::crawler {

// Whether a document that the newest version has is asked for again.
enum class Freshness { kKnownWillDo, kAnew };

// I/O thread only.
class DocumentReader {
 public:
  using Done = std::function<void(v1::PutItem)>;

  // All references must outlive this. `outside` is for other origins than the hub's, and refuses
  // private addresses by itself. `pdfs` may be null: then a PDF is not read.
  DocumentReader(const Hub& hub, Fetcher& fetcher, common::HttpClient& outside,
                 const common::Clock& clock, common::Metrics& metrics, PdfReader* pdfs);
  DocumentReader(const DocumentReader&) = delete;
  DocumentReader& operator=(const DocumentReader&) = delete;

  // Calls `done` once, with the item and its documents; at once when there are none to read.
  // `known` are the documents of the newest version; only those at addresses count.
  void Complete(v1::PutItem item, std::vector<v1::File> known, Freshness freshness, Done done);

  // The index does not hold these contents, or any: they are sent along again.
  void Forget(const v1::Observation& observation);
  void ForgetAll() { sent_.clear(); }

 private:
  // What an address gave. FAILED: nothing can be said now.
  struct Content {
    v1::FileOutcome outcome = v1::FAILED;
    std::string text;
    std::string digest;
    std::vector<common::Url> policies;
  };
  using Use = std::function<void(const Content&)>;
  struct Address {
    Content content;
    absl::Time read_at = absl::InfinitePast();
    bool is_asked = false;
    int hops = 0;
    std::vector<Use> waiting;
  };
  struct Job {
    v1::PutItem item;
    std::vector<v1::File> known;
    std::vector<v1::File> found;
    size_t waiting = 0;
    Done done;
  };

  void Get(const common::Url& url, Use use);
  void Pump();
  void Ask(const std::string& key, const common::Url& url);
  void OnHubAnswer(const std::string& key, const common::Url& url, FetchResult result);
  void OnOutsideAnswer(const std::string& key, const common::Url& url,
                       absl::StatusOr<common::HttpResponse> response);
  void OnBody(const std::string& key, const common::Url& url, const common::HttpResponse& response);
  void OnPdf(const std::string& key, const common::Url& url, const PdfReader::Text& text);
  void SettleText(const std::string& key, std::string text, std::vector<common::Url> policies);
  void Follow(const std::string& key, const common::Url& from, const common::Url& to);
  void Settle(const std::string& key, Content content, std::string_view reason);
  void DropOld();

  void OnLicence(const std::shared_ptr<Job>& job, const common::Url& url, const Content& content);
  void Add(Job& job, const common::Url& url, const Content& content);
  static void Finish(Job& job);

  const Hub& hub_;
  Fetcher& fetcher_;
  common::HttpClient& outside_;
  const common::Clock& clock_;
  common::Metrics& metrics_;
  PdfReader* const pdfs_;

  std::unordered_map<std::string, Address> addresses_;  // by URL
  std::deque<common::Url> queue_;                       // not asked yet
  size_t in_flight_ = 0;
  size_t kept_bytes_ = 0;
  std::unordered_set<std::string> sent_;  // digests of contents that went to the index
};

}  // namespace modelwatch::crawler
