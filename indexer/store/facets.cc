// SPDX-License-Identifier: Apache-2.0
#include "indexer/store/facets.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_split.h"
#include "indexer/store/keys.h"
#include "proto/json.h"

namespace modelwatch::indexer {
namespace {

// Longer ones are no licence's id, and would make the index large.
constexpr size_t kMaxLicenceBytes = 128;
constexpr size_t kMaxLicences = 32;

bool IsOperator(std::string_view word) { return word == "AND" || word == "OR" || word == "WITH"; }

// The ids in an SPDX expression.
std::set<std::string> LicencesIn(const v1::Assessment& assessment) {
  const std::string& words =
      assessment.licence().empty() ? assessment.expression() : assessment.licence();
  std::set<std::string> licences;
  for (const absl::string_view word :
       absl::StrSplit(words, absl::ByAnyChar(" ()"), absl::SkipEmpty())) {
    const std::string_view id(word.data(), word.size());
    const bool is_id =
        !IsOperator(id) && id.size() <= kMaxLicenceBytes && id.find('\0') == std::string_view::npos;
    if (is_id && licences.size() < kMaxLicences) licences.emplace(id);
  }
  return licences;
}

bool IsTelling(v1::Direction direction) {
  return direction != v1::DIRECTION_UNSPECIFIED && direction != v1::SAME;
}

}  // namespace

std::string AccessOf(const v1::Access& access) {
  return std::string(access.presence() == v1::PRESENT ? proto::Word(access.gate())
                                                      : proto::Word(access.presence()));
}

std::string PublisherOf(const std::string& name) {
  const size_t last = name.rfind('/');
  if (last == std::string::npos || last == 0) return "";
  const size_t before = name.rfind('/', last - 1);
  const size_t begin = before == std::string::npos ? 0 : before + 1;
  return name.substr(begin, last - begin);
}

std::set<std::string> SeenFacets(const v1::Observation& seen, uint64_t version) {
  std::set<std::string> keys;
  if (seen.key().hub().empty()) return keys;
  const auto add = [&](Facet facet, const std::string& value) {
    keys.insert(FacetKey({facet, value, version, seen.key()}));
  };
  add(Facet::kChanged, "");
  if (const std::string access = AccessOf(seen.access()); !access.empty())
    add(Facet::kAccess, access);
  const std::string publisher = PublisherOf(seen.name());
  const bool has_key = !publisher.empty() && publisher.find('\0') == std::string::npos;
  if (has_key) add(Facet::kPublisher, publisher);
  return keys;
}

std::set<std::string> ConclusionFacets(const v1::ReleaseKey& key,
                                       const v1::StoredConclusion& conclusion) {
  std::set<std::string> keys;
  if (conclusion.version() == 0) return keys;
  for (const std::string& licence : conclusion.licences()) {
    keys.insert(FacetKey({Facet::kLicence, licence, conclusion.version(), key}));
  }
  if (!IsTelling(conclusion.direction())) return keys;
  const std::string direction(proto::Word(conclusion.direction()));
  keys.insert(FacetKey({Facet::kDirection, direction, conclusion.direction_version(), key}));
  return keys;
}

v1::StoredConclusion Conclude(const v1::Assessment& assessment,
                              const v1::StoredConclusion& former) {
  v1::StoredConclusion conclusion;
  conclusion.set_version(assessment.version());
  conclusion.set_assessment(assessment.sequence());
  for (const std::string& licence : LicencesIn(assessment)) conclusion.add_licences(licence);
  conclusion.set_terms_class(assessment.terms_class());
  if (IsTelling(assessment.shift().direction())) {
    conclusion.set_direction(assessment.shift().direction());
    conclusion.set_direction_version(assessment.version());
  } else if (!assessment.has_shift() || former.direction_version() != assessment.version()) {
    conclusion.set_direction(former.direction());
    conclusion.set_direction_version(former.direction_version());
  }
  return conclusion;
}

}  // namespace modelwatch::indexer
