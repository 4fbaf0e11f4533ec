// SPDX-License-Identifier: Apache-2.0
// HeaderReader: what the header of a release's weights says of its licence.
//
// Of a release with GGUF files one is asked for: its header at the hub, which redirects to the
// storage, then its first bytes there by range. What the fields say becomes a file of the
// observation, "gguf:path" (proto/header_fields.h). A header that says nothing is no file. What the
// files of a revision say never changes, so that a header is read when a revision is first seen,
// and once for all releases with that content.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/status/statusor.h"
#include "common/metrics.h"
#include "crawler/before.h"
#include "crawler/fetch/fetcher.h"
#include "crawler/hub/hub.h"
#include "crawler/storage_reader.h"
#include "modelwatch/v1/ingest.pb.h"

namespace modelwatch::crawler {

// I/O thread only.
class HeaderReader {
 public:
  using Done = std::function<void(v1::PutItem)>;

  // All references must outlive this.
  HeaderReader(const Hub& hub, Fetcher& fetcher, StorageReader& storage, common::Metrics& metrics);
  HeaderReader(const HeaderReader&) = delete;
  HeaderReader& operator=(const HeaderReader&) = delete;

  // Calls `done` once, with the item and its header; at once when there is none to read. `gguf` is
  // the weights file, "" for none. What cannot be read now leaves standing what `before` had.
  void Complete(v1::PutItem item, const Before& before, const std::string& gguf, Priority priority,
                Done done);

 private:
  using Text = absl::StatusOr<std::string>;  // "" when the header says nothing
  using Use = std::function<void(const Text&)>;
  // A header that is being read.
  struct Question {
    std::string target;
    std::string digest;  // of the content, as the hub names it
    common::Url location;
    size_t bytes = 0;
  };

  void Get(const std::string& target, Priority priority, Use use);
  void OnHub(const std::string& target, const FetchResult& result);
  void AskStorage(Question question);
  void OnBytes(Question question, const Text& bytes);
  void Settle(const Question& question, const Text& text);
  void Remember(const std::string& key, const std::string& text);

  const Hub& hub_;
  Fetcher& fetcher_;
  StorageReader& storage_;
  common::Metrics& metrics_;
  std::unordered_map<std::string, std::vector<Use>> waiting_;  // by target
  std::unordered_map<std::string, std::string> known_;         // by target, and by digest
  std::deque<std::string> known_order_;
};

}  // namespace modelwatch::crawler
