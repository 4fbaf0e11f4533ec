// SPDX-License-Identifier: Apache-2.0
#include "crawler/hub_context.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "common/log.h"
#include "proto/document_path.h"

namespace modelwatch::crawler {

int64_t HubTime(const common::HttpHeaders& headers, const common::Clock& clock) {
  const auto date = common::ParseHttpDate(headers.Get("date").value_or(""));
  return common::ToMicros(date ? *date : clock.Now());
}

void ReadRelease(HubContext& context, const Row& row, const v1::Head* head, Priority priority,
                 Freshness documents, ReleaseReader::Done done) {
  if (context.documents == nullptr) {
    context.reader.Read(row, head, priority, std::move(done));
    return;
  }
  std::vector<v1::File> known;
  if (head != nullptr && head->found()) {
    const auto& files = head->observation().files();
    std::copy_if(files.begin(), files.end(), std::back_inserter(known),
                 [](const v1::File& file) { return proto::IsDocumentPath(file.path()); });
  }
  context.reader.Read(row, head, priority,
                      [&context, known = std::move(known), documents,
                       done = std::move(done)](v1::PutItem item) mutable {
                        context.documents->Complete(std::move(item), std::move(known), documents,
                                                    std::move(done));
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
