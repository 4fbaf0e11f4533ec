// SPDX-License-Identifier: Apache-2.0
#include "indexer/ingest/diff.h"

#include <algorithm>
#include <set>
#include <string>
#include <tuple>

#include "proto/digests.h"

namespace modelwatch::indexer {
namespace {

constexpr char kCard[] = "README.md";

template <typename Texts>
std::multiset<std::string> SetOf(const Texts& texts) {
  return {texts.begin(), texts.end()};
}

bool SameLicence(const v1::Declared& a, const v1::Declared& b) {
  return SetOf(a.tag_licences()) == SetOf(b.tag_licences()) &&
         SetOf(a.card_licences()) == SetOf(b.card_licences()) &&
         a.license_name() == b.license_name() && a.license_link() == b.license_link();
}

std::multiset<std::pair<std::string, std::string>> Bases(const v1::Declared& declared) {
  std::multiset<std::pair<std::string, std::string>> bases;
  for (const v1::BaseModel& base : declared.base_models()) {
    bases.emplace(base.name(), base.relation());
  }
  return bases;
}

using FileFacts = std::tuple<std::string, std::string, std::string, int>;

std::set<FileFacts> Files(const v1::Observation& observation, bool card) {
  std::set<FileFacts> files;
  for (const v1::File& file : observation.files()) {
    if ((file.path() == kCard) != card) continue;
    files.emplace(file.path(), file.oid(), file.digest(), static_cast<int>(file.outcome()));
  }
  return files;
}

bool IsPresent(const v1::Observation& observation) {
  return observation.access().presence() == v1::PRESENT;
}

}  // namespace

std::vector<v1::ChangeKind> Diff(const v1::Observation& before, const v1::Observation& after) {
  std::set<v1::ChangeKind> kinds;
  const auto note = [&kinds](bool differs, v1::ChangeKind kind) {
    if (differs) kinds.insert(kind);
  };
  const v1::Declared& was = before.declared();
  const v1::Declared& is = after.declared();
  note(before.revision() != after.revision(), v1::REVISION);
  note(!SameLicence(was, is), v1::DECLARED_LICENCE);
  note(Files(before, false) != Files(after, false), v1::LICENCE_FILE);
  note(Files(before, true) != Files(after, true) ||
           was.card_data_missing() != is.card_data_missing(),
       v1::CARD);
  note(before.access().gate() != after.access().gate(), v1::GATE);
  const bool moved = before.access().presence() != after.access().presence();
  note(moved && !IsPresent(after), v1::REMOVAL);
  note(moved && IsPresent(after), v1::REAPPEARANCE);
  note(before.name() != after.name() || before.moved_to() != after.moved_to(), v1::RENAME);
  note(Bases(was) != Bases(is), v1::BASE_MODEL);
  note(was.gated_prompt() != is.gated_prompt() || was.excludes_eu() != is.excludes_eu(),
       v1::GATE_TERMS);
  note(before.access().is_private() != after.access().is_private(), v1::VISIBILITY);
  note(kinds.empty(), v1::REVISION);
  return {kinds.begin(), kinds.end()};
}

void CarryContentOver(const v1::Observation& before, v1::Observation& after) {
  const bool silent =
      after.revision().empty() && after.files().empty() && after.declared().ByteSizeLong() == 0;
  if (IsPresent(after) || !silent) return;
  after.set_revision(before.revision());
  *after.mutable_declared() = before.declared();
  *after.mutable_files() = before.files();
  if (after.created_at_us() == 0) after.set_created_at_us(before.created_at_us());
  if (after.last_modified_us() == 0) after.set_last_modified_us(before.last_modified_us());
  if (after.access().gate() == v1::GATE_UNSPECIFIED) {
    after.mutable_access()->set_gate(before.access().gate());
    after.mutable_access()->set_is_private(before.access().is_private());
  }
}

}  // namespace modelwatch::indexer
