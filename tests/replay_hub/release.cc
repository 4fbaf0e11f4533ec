// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/release.h"

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "common/clock.h"
#include "common/digest.h"

namespace modelwatch::replay_hub {
namespace {

// GitBlobOid is SHA-1 with git's prefix: as stable as a bare SHA-1, and already at hand.
std::string Sha1Hex(std::string_view facts) { return common::GitBlobOid(facts); }

constexpr size_t kTimeHexDigits = 8;
constexpr size_t kRestHexDigits = 16;

}  // namespace

std::string_view KindOf(std::string_view name) {
  for (const std::string_view kind : {"datasets", "spaces"}) {
    if (name.substr(0, kind.size()) == kind && name.substr(kind.size(), 1) == "/") return kind;
  }
  return "models";
}

std::string_view IdOf(std::string_view name) {
  const std::string_view kind = KindOf(name);
  return kind == "models" ? name : name.substr(kind.size() + 1);
}

std::string NameOf(std::string_view kind, std::string_view id) {
  return kind == "models" ? std::string(id) : absl::StrFormat("%s/%s", kind, id);
}

std::string_view OwnerOf(std::string_view name) {
  name = IdOf(name);
  const size_t slash = name.find('/');
  return slash == std::string_view::npos ? std::string_view() : name.substr(0, slash);
}

std::string DeriveReleaseId(std::string_view name, int64_t created_at_us, std::string_view salt) {
  const auto second = static_cast<uint32_t>(created_at_us / 1'000'000);
  const std::string rest = Sha1Hex(absl::StrFormat("%s\n%s", name, salt));
  std::string id = absl::StrFormat("%08x", second);
  id.resize(kTimeHexDigits);
  return id + rest.substr(0, kRestHexDigits);
}

std::string DeriveCommitSha(std::string_view release_id, const Commit& commit) {
  std::string facts =
      absl::StrFormat("commit %s\n%d\n%s\n", release_id, commit.date_us, commit.title);
  for (const RepoFile& file : commit.files) facts += file.path + " " + file.oid + "\n";
  return Sha1Hex(facts);
}

std::vector<std::string> LicenseTags(const std::vector<std::string>& licences) {
  std::vector<std::string> tags;
  for (const std::string& licence : licences) tags.push_back("license:" + licence);
  return tags;
}

std::string PointerText(const LfsObject& lfs) {
  return absl::StrFormat("version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n",
                         lfs.sha256, lfs.size);
}

std::string XetHash(const LfsObject& lfs) {
  return common::ToHex(common::Sha256("xet " + lfs.sha256));
}

std::string HubTime(int64_t micros) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%S.000Z", common::FromMicros(micros),
                          absl::UTCTimeZone());
}

}  // namespace modelwatch::replay_hub
