// SPDX-License-Identifier: Apache-2.0
#include "proto/digests.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "common/digest.h"

namespace modelwatch::proto {
namespace {

// DO NOT CHANGE the order or encoding: row digests are stored. Every value goes in with its length
// in front, so that no two different observations can give the same bytes.
class Canonical {
 public:
  void Add(std::string_view value) {
    Add(static_cast<uint64_t>(value.size()));
    bytes_.append(value);
  }
  void Add(uint64_t value) {
    for (int shift = 56; shift >= 0; shift -= 8)
      bytes_.push_back(static_cast<char>(value >> shift));
  }
  void AddSorted(std::vector<std::string> values) {
    std::sort(values.begin(), values.end());
    Add(static_cast<uint64_t>(values.size()));
    for (const std::string& value : values) Add(value);
  }
  [[nodiscard]] std::string Digest() const { return common::Sha256(bytes_); }

 private:
  std::string bytes_;
};

void AddDeclared(const v1::Declared& declared, Canonical& out) {
  out.AddSorted({declared.tag_licences().begin(), declared.tag_licences().end()});
  out.AddSorted({declared.card_licences().begin(), declared.card_licences().end()});
  out.Add(declared.license_name());
  out.Add(declared.license_link());
  std::vector<std::string> bases;
  for (const v1::BaseModel& base : declared.base_models()) {
    bases.push_back(base.relation() + '\0' + base.name());
  }
  out.AddSorted(std::move(bases));
  out.Add(declared.gated_prompt());
  out.Add(static_cast<uint64_t>(declared.excludes_eu()));
  out.Add(static_cast<uint64_t>(declared.card_data_missing()));
}

void AddRow(const v1::Observation& observation, Canonical& out) {
  out.Add(observation.key().hub());
  out.Add(observation.key().id());
  out.Add(observation.name());
  out.Add(observation.revision());
  out.Add(static_cast<uint64_t>(observation.created_at_us()));
  out.Add(static_cast<uint64_t>(observation.last_modified_us()));
  out.Add(static_cast<uint64_t>(observation.access().presence()));
  out.Add(static_cast<uint64_t>(observation.access().gate()));
  out.Add(static_cast<uint64_t>(observation.access().is_private()));
  AddDeclared(observation.declared(), out);
}

}  // namespace

std::string ObservationRowDigest(const v1::Observation& observation) {
  Canonical out;
  AddRow(observation, out);
  return out.Digest();
}

std::string ObservationDigest(const v1::Observation& observation) {
  Canonical out;
  AddRow(observation, out);
  out.Add(observation.moved_to());
  std::vector<std::string> files;
  for (const v1::File& file : observation.files()) {
    Canonical one;
    one.Add(file.path());
    one.Add(file.oid());
    one.Add(file.digest());
    one.Add(static_cast<uint64_t>(file.outcome()));
    files.push_back(one.Digest());
  }
  out.AddSorted(std::move(files));
  return out.Digest();
}

}  // namespace modelwatch::proto
