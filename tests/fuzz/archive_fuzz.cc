// SPDX-License-Identifier: Apache-2.0
// Any bytes as an archive: reading ends, within its limits.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "cli/archive_reader.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

// libarchive reserves the length that a cpio header claims for its name, up to 4 GiB, and fills
// only what is there, at most 16 MiB: the limit on single reservations goes, that on used memory
// stays.
extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  static std::vector<char*> arguments(*argv, *argv + *argc);
  static char limit[] = "-malloc_limit_mb=8192";
  arguments.insert(arguments.begin() + 1, limit);
  *argc = static_cast<int>(arguments.size());
  *argv = arguments.data();
  return 0;
}

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
