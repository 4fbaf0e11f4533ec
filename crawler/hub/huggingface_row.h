// SPDX-License-Identifier: Apache-2.0
// One release as Hugging Face's JSON tells it, in a listing row or as the answer about one release.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "crawler/hub/hub.h"

namespace modelwatch::crawler {

// Reads rows one after the other, reusing its buffers. Not thread-safe.
//
// Read from: _id, id, sha, createdAt, lastModified, private, gated (false | true | "auto" |
// "manual"), disabled, cardData {license: string or list, license_name, license_link, base_model:
// string or list, base_model_relation, extra_gated_prompt, extra_gated_eu_disallowed}, downloads,
// tags
// ("license:x", "base_model:x", "base_model:relation:x"), baseModels, siblings. Unknown keys and
// values of unexpected types are passed over; a value that is too long is cut, a list at
// kMaxDeclared. Source: spec of the Hub's rows, captures of 2026 (expand[] rows).
class HuggingFaceRowReader {
 public:
  // `name_prefix` goes in front of each name: "datasets/" where datasets are listed.
  HuggingFaceRowReader(std::string hub_name, std::string name_prefix);
  ~HuggingFaceRowReader();
  HuggingFaceRowReader(const HuggingFaceRowReader&) = delete;
  HuggingFaceRowReader& operator=(const HuggingFaceRowReader&) = delete;

  struct Read {
    Row row;
    bool repaired = false;  // invalid UTF-8 in it was replaced
  };

  // `readable` is how many bytes may be read from row.data() on, at least row.size(); with 64 more
  // than that the row is parsed where it stands. INVALID_ARGUMENT: not an object, broken JSON, no
  // usable id or name, an observation over the limits of proto/validate.h.
  [[nodiscard]] absl::StatusOr<Read> ReadRow(std::string_view row, size_t readable,
                                             int64_t observed_at_us);

 private:
  struct Parser;
  const std::string hub_name_;
  const std::string name_prefix_;
  std::unique_ptr<Parser> parser_;
};

// An entry of a commit list, {"id":"<40 hex>","date":"2023-08-01T10:00:00.000Z",...}. What cannot
// be read of it is empty.
[[nodiscard]] ListedCommit ReadHuggingFaceCommit(std::string_view entry);

// The "error" of an object like {"error":"..."}; "" when `body` is no such object.
[[nodiscard]] std::string HuggingFaceErrorText(std::string_view body);

}  // namespace modelwatch::crawler
