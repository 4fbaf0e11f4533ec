// SPDX-License-Identifier: Apache-2.0
// FindingMemo: which licence each text is, by content, so that none is ever classified twice.
//
//   asked --> memory (bounded, by last use) --> the index's memo, many at once --> classified here
//   classified here --> handed out with the first judgement that needed it --> stored in its commit
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "common/metrics.h"
#include "indexer/client/index.h"
#include "modelwatch/v1/assessment.pb.h"
#include "modelwatch/v1/ingest.pb.h"

namespace modelwatch::evaluator {

// Digests are SHA-256, 32 raw bytes. A text that is classified here is kept in memory until it is
// known to be stored, so that a write that fails does not lose it. Not thread-safe.
class FindingMemo {
 public:
  // A pure function of the text, Matcher::Identify.
  using Classify = std::function<v1::Finding(std::string_view text)>;

  // `reader` and `metrics` must outlive this. Of what the index has, at most `max_bytes` are kept
  // here, and beyond it only what the last Load asked for.
  FindingMemo(indexer::Reader& reader, common::Metrics& metrics, std::string identifier_version,
              Classify classify, size_t max_bytes);

  // Makes what is known of these texts available. UNAVAILABLE and the like as from the index.
  [[nodiscard]] absl::Status Load(const std::set<std::string>& digests);

  // Null when the text has to be classified, or was not loaded. Valid until the next Load.
  [[nodiscard]] const v1::Finding* Find(const std::string& digest) const;

  // The known finding, `text` unread; otherwise classifies it. REQUIRES: `digest` is the text's;
  // it was loaded, otherwise it may be classified again.
  [[nodiscard]] const v1::Finding& Identify(const std::string& digest, std::string_view text);

  // Hands out, once, the findings of these texts that the index does not have.
  [[nodiscard]] std::vector<v1::ContentFinding> TakeNew(const std::set<std::string>& digests);
  // Everything handed out is stored.
  void Confirm();
  // It is not known whether what was handed out is stored: it will be handed out again, which is
  // safe, because the index keeps the first.
  void GiveBack();

  [[nodiscard]] const std::string& identifier_version() const { return identifier_version_; }

 private:
  enum class Stage { kStored, kNew, kHandedOut };
  struct Known {
    v1::Finding finding;
    size_t bytes = 0;
    Stage stage = Stage::kStored;
    std::list<std::string>::iterator age;
  };

  Known& Keep(const std::string& digest, v1::Finding finding, Stage stage);
  void MakeRoom(const std::set<std::string>& wanted);
  void Count(const char* from, size_t texts);

  indexer::Reader& reader_;
  common::Metrics& metrics_;
  const std::string identifier_version_;
  const Classify classify_;
  const size_t max_bytes_;
  size_t bytes_ = 0;
  std::unordered_map<std::string, Known> known_;
  std::list<std::string> ages_;          // newest first
  std::vector<std::string> handed_out_;  // digests
};

}  // namespace modelwatch::evaluator
