// SPDX-License-Identifier: Apache-2.0
#include "crawler/hub_context.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "common/log.h"
#include "crawler/before.h"
#include "crawler/pdf_licences.h"

namespace modelwatch::crawler {

int64_t HubTime(const common::HttpHeaders& headers, const common::Clock& clock) {
  const auto date = common::ParseHttpDate(headers.Get("date").value_or(""));
  return common::ToMicros(date ? *date : clock.Now());
}

namespace {

// Of a file that was read: on its way to the index, or there. Empty when it cannot be had now.
std::string ContentOf(HubContext& context, const v1::File& file) {
  std::string content = context.reader.ContentOf(file.oid());
  if (!content.empty()) return content;
  v1::GetBlobRequest request;
  request.set_digest(file.digest());
  const auto answer = context.index.GetBlob(request);
  return answer.ok() ? answer->content() : std::string();
}

}  // namespace

void ReadRelease(HubContext& context, const Row& row, const v1::Head* head, Priority priority,
                 Freshness documents, ReleaseReader::Done done) {
  const auto publish = [&context, done = std::move(done)](v1::PutItem item) {
    context.reader.Attach(item);
    done(std::move(item));
  };
  const auto before = std::make_shared<const Before>(BeforeOf(head));
  const auto outside = [&context, before, documents, publish](v1::PutItem item) {
    if (context.documents == nullptr) {
      publish(std::move(item));
      return;
    }
    context.documents->Complete(std::move(item), before->files, documents, publish);
  };
  const auto header = [&context, before, gguf = row.gguf, priority, outside](v1::PutItem item) {
    if (context.headers == nullptr) {
      outside(std::move(item));
      return;
    }
    context.headers->Complete(std::move(item), *before, gguf, priority, outside);
  };
  context.reader.Read(row, head, priority, [&context, before, header](v1::PutItem item) {
    if (context.pdfs == nullptr) {
      header(std::move(item));
      return;
    }
    const auto content = [&context](const v1::File& file) { return ContentOf(context, file); };
    ReadPdfLicences(*context.pdfs, content, std::move(item), *before, header);
  });
}

void Publish(HubContext& context, v1::PutItem item, const std::string& work_id) {
  OutgoingItem outgoing{std::move(item), work_id};
  if (context.outbox.Put(outgoing)) return;
  context.reader.Forget(outgoing.item);
  if (context.documents != nullptr) context.documents->Forget(outgoing.item.observation());
}

absl::Duration RestAfter(uint32_t attempt) {
  return std::min(absl::Seconds(30) * (int64_t{1} << std::min<uint32_t>(attempt, 10)),
                  absl::Hours(1));
}

std::vector<v1::Head> GetHeads(HubContext& context, const std::vector<v1::ReleaseKey>& keys) {
  std::vector<v1::Head> heads;
  for (size_t at = 0; at < keys.size();) {
    v1::GetHeadsRequest request;
    for (; at < keys.size() && request.keys_size() < indexer::kMaxHeads; ++at) {
      *request.add_keys() = keys[at];
    }
    auto response = context.index.GetHeads(request);
    if (!response.ok() || response->heads_size() != request.keys_size()) {
      common::LogWarning("crawl.heads_unknown",
                         {{"hub", context.hub.name()},
                          {"reason", std::string(response.status().message())},
                          {"next", "every file of these releases is asked for"}});
      return {};
    }
    for (v1::Head& head : *response->mutable_heads()) heads.push_back(std::move(head));
  }
  return heads;
}

}  // namespace modelwatch::crawler
