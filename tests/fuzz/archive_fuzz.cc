// SPDX-License-Identifier: Apache-2.0
// Any bytes as an archive: reading ends, within its limits.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "cli/archive_reader.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace modelwatch::cli;
  if (size == 0) return 0;
  // The first byte tells under which name, because a .deb is opened twice.
  const std::string name = data[0] % 2 == 0 ? "a.tar" : "a.deb";
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const ArchiveLimits limits = {
      .max_member_bytes = 1000, .max_unpacked_bytes = 1 << 20, .max_members = 100};
  auto reader = ArchiveReader::OpenBytes(bytes, name, limits);
  if (!reader.ok()) return 0;
  size_t members = 0;
  for (;;) {
    const auto member = (*reader)->Next();
    Require((*reader)->fraction() <= 1.0);
    if (!member.ok()) {
      Require((*reader)->Next().ok() && !(*reader)->Next()->has_value());
      return 0;
    }
    if (!member->has_value()) return 0;
    Require(++members <= limits.max_members);
    Require((*member)->bytes.size() <= limits.max_member_bytes);
  }
}
