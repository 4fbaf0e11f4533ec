// SPDX-License-Identifier: Apache-2.0
// Observations for tests: small, valid, and different only where a test says so.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/digest.h"
#include "modelwatch/v1/ingest.pb.h"

namespace modelwatch::testing {

inline constexpr char kHub[] = "huggingface";
inline constexpr int64_t kHubStartUs = 1'700'000'000'000'000;

// 40 hexadecimal digits that depend on `seed` alone.
inline std::string OidOf(std::string_view seed) { return common::GitBlobOid(seed); }

inline v1::ReleaseKey KeyOf(std::string_view id) {
  v1::ReleaseKey key;
  key.set_hub(kHub);
  key.set_id(std::string(id));
  return key;
}

// The release `id`, named "owner/<id>", open and present, at second `second` of the hub's clock.
inline v1::Observation ObservationOf(std::string_view id, int64_t second,
                                     std::string_view licence = "mit") {
  v1::Observation observation;
  *observation.mutable_key() = KeyOf(id);
  observation.set_name("owner/" + std::string(id));
  observation.set_observed_at_us(kHubStartUs + second * 1'000'000);
  observation.set_revision(OidOf(std::string(id) + std::string(licence)));
  observation.mutable_access()->set_presence(v1::PRESENT);
  observation.mutable_access()->set_gate(v1::OPEN);
  observation.mutable_declared()->add_tag_licences(std::string(licence));
  return observation;
}

// The item with one more fetched file, paths ascending, and its text.
inline void AddFile(v1::PutItem& item, std::string_view path, std::string_view text) {
  v1::File& file = *item.mutable_observation()->add_files();
  file.set_path(std::string(path));
  file.set_oid(OidOf(text));
  file.set_digest(common::Sha256(text));
  file.set_size(text.size());
  file.set_outcome(v1::FETCHED);
  v1::Blob& blob = *item.add_blobs();
  blob.set_digest(common::Sha256(text));
  blob.set_content(std::string(text));
  blob.set_oid(OidOf(text));
}

inline v1::PutBatchRequest BatchOf(const std::vector<v1::Observation>& observations) {
  v1::PutBatchRequest request;
  for (const v1::Observation& observation : observations) {
    *request.add_items()->mutable_observation() = observation;
  }
  return request;
}

}  // namespace modelwatch::testing
