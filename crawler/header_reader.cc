// SPDX-License-Identifier: Apache-2.0
#include "crawler/header_reader.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "common/log.h"
#include "crawler/documents/gguf.h"
#include "proto/document_path.h"

namespace modelwatch::crawler {
namespace {

constexpr size_t kMostKnown = 16'384;
constexpr size_t kMostKeptBytes = 4096;  // of one; a whole licence text is read again
constexpr size_t kGrowth = 4;

// Whether its files, or the lack of them, are those of an earlier reading or of a closed door.
bool IsDecided(const v1::Observation& seen) {
  const auto& files = seen.files();
  return seen.access().presence() != v1::PRESENT || seen.revision().empty() ||
         std::any_of(files.begin(), files.end(), [](const v1::File& file) {
           return proto::IsHeaderPath(file.path()) || file.outcome() == v1::REFUSED;
         });
}

// The SHA-256 that a hub names a content outside git by.
std::string LinkedDigest(const common::HttpResponse& response) {
  return std::string(response.headers.Get("x-linked-etag").value_or(""));
}

}  // namespace

HeaderReader::HeaderReader(const Hub& hub, Fetcher& fetcher, StorageReader& storage,
                           common::Metrics& metrics)
    : hub_(hub), fetcher_(fetcher), storage_(storage), metrics_(metrics) {}

void HeaderReader::Complete(v1::PutItem item, const Before& before, const std::string& gguf,
                            Priority priority, Done done) {
  const v1::Observation& seen = item.observation();
  const bool is_known = before.IsSameContent(seen);
  if (is_known && !IsDecided(seen)) {
    for (const v1::File& file : before.files) {
      if (proto::IsHeaderPath(file.path())) AddFile(item, file);
    }
  }
  if (is_known || gguf.empty() || IsDecided(seen)) {
    done(std::move(item));
    return;
  }
  const std::string target = hub_.FileTarget(seen.name(), seen.revision(), gguf);
  auto shared = std::make_shared<v1::PutItem>(std::move(item));
  Get(target, priority,
      [shared, before, path = proto::HeaderPath(gguf), done = std::move(done)](const Text& text) {
        const v1::File* known = before.Find(path);
        if (text.ok() && !text->empty()) AddText(*shared, path, *text, before);
        if (!text.ok() && known != nullptr) AddFile(*shared, *known);
        done(std::move(*shared));
      });
}

void HeaderReader::Get(const std::string& target, Priority priority, Use use) {
  if (const auto known = known_.find(target); known != known_.end()) {
    use(Text(known->second));
    return;
  }
  std::vector<Use>& waiting = waiting_[target];
  waiting.push_back(std::move(use));
  if (waiting.size() > 1) return;
  FetchRequest request;
  request.target = target;
  request.is_head = true;
  request.priority = priority;
  fetcher_.Fetch(std::move(request),
                 [this, target](const FetchResult& result) { OnHub(target, result); });
}

void HeaderReader::OnHub(const std::string& target, const FetchResult& result) {
  Question question{target, LinkedDigest(result.response), result.location, kGgufHeadBytes};
  if (result.outcome != Outcome::kElsewhere) {
    const bool is_small = result.outcome == Outcome::kOk;
    Settle(question, absl::UnavailableError(is_small ? "it stands in git: too small for weights"
                                                     : result.reason));
    return;
  }
  if (const auto known = known_.find(question.digest); known != known_.end()) {
    Settle(question, Text(known->second));
    return;
  }
  AskStorage(std::move(question));
}

void HeaderReader::AskStorage(Question question) {
  const common::Url location = question.location;
  const size_t bytes = question.bytes;
  storage_.ReadFirst(location, bytes, [this, question = std::move(question)](const Text& head) {
    OnBytes(question, head);
  });
}

void HeaderReader::OnBytes(Question question, const Text& bytes) {
  if (!bytes.ok()) {
    Settle(question, bytes.status());
    return;
  }
  const auto licence = ReadGgufLicence(*bytes);
  if (!licence.ok()) {
    Settle(question, licence.status());
    return;
  }
  const bool is_cut = bytes->size() >= question.bytes;
  if (licence->wants_more && is_cut && question.bytes < kGgufMaxHeadBytes) {
    question.bytes = std::min(question.bytes * kGrowth, kGgufMaxHeadBytes);
    AskStorage(std::move(question));
    return;
  }
  Settle(question, Text(proto::FormatHeaderFields(licence->fields)));
}

void HeaderReader::Settle(const Question& question, const Text& text) {
  const char* outcome = !text.ok() ? "unread" : text->empty() ? "silent" : "fetched";
  metrics_.Count("modelwatch_crawl_headers_total",
                 "Headers of weights files that were read for a licence.",
                 {{"hub", hub_.name()}, {"outcome", outcome}});
  // What is no GGUF, or contradicts itself, is so for good.
  const bool is_final = text.ok() || absl::IsInvalidArgument(text.status());
  if (is_final) {
    for (const std::string& key : {question.target, question.digest}) {
      if (!key.empty()) Remember(key, text.ok() ? *text : "");
    }
  }
  if (!text.ok()) {
    common::LogInfo("crawl.header_unread", {{"hub", hub_.name()},
                                            {"file", question.target},
                                            {"reason", std::string(text.status().message())}});
  }
  const auto waiting = std::move(waiting_.extract(question.target).mapped());
  for (const Use& use : waiting) use(text);
}

void HeaderReader::Remember(const std::string& key, const std::string& text) {
  if (text.size() > kMostKeptBytes || !known_.emplace(key, text).second) return;
  known_order_.push_back(key);
  if (known_order_.size() <= kMostKnown) return;
  known_.erase(known_order_.front());
  known_order_.pop_front();
}

}  // namespace modelwatch::crawler
