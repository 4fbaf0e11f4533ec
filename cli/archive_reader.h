// SPDX-License-Identifier: Apache-2.0
// The files inside an archive, one after the other, without writing anything anywhere.
//
// tar, zip (wheel, jar), cpio, 7-Zip and ar, plain or compressed with gzip, zstd, xz, bzip2, lz4 or
// lzip; the tars inside a .deb; and a lone compressed file, which is its own one member. An archive
// is hostile until proven otherwise: names are only ever shown, links and devices are passed over,
// and what it may unpack to is bounded.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace modelwatch::cli {

struct ArchiveLimits {
  // Bytes of a member that are kept; the rest is passed over. Four bytes a character is the most
  // that an encoding takes, and a text is cut at 1 MiB.
  size_t max_member_bytes = 4 << 20;
  // Unpacked bytes that are looked at in all. A tar of 4 GiB takes some 10 s; nothing that holds
  // licences is larger than a distribution's source package (the kernel: 1.4 GB).
  uint64_t max_unpacked_bytes = 4ULL << 30;
  uint64_t max_members = 1'000'000;
};

struct ArchiveMember {
  std::string name;          // as stored, without a leading "./"; any bytes
  std::string bytes;         // its beginning
  uint64_t whole_bytes = 0;  // its size, as far as it was unpacked
  bool is_archive = false;   // an archive or compressed file itself, which is not opened
  std::string problem;       // not empty: it cannot be read (encrypted, damaged), one sentence
};

// True when `head`, the first 512 bytes of a file, is the beginning of an archive or of compressed
// data.
[[nodiscard]] bool IsArchiveHead(std::string_view head);

// True for names that archives have: ".tar", ".tar.gz", ".tgz", ".zip", ".whl", ".deb", ...
[[nodiscard]] bool HasArchiveName(std::string_view path);

// Reads one archive from its beginning to its end. Not thread-safe.
class ArchiveReader {
 public:
  // INVALID_ARGUMENT when it cannot be opened or is no archive that we know.
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<ArchiveReader>> Open(
      const std::string& path, const ArchiveLimits& limits = {});
  // The same from memory; `bytes` must outlive the reader. `name` is for messages.
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<ArchiveReader>> OpenBytes(
      std::string_view bytes, const std::string& name, const ArchiveLimits& limits = {});
  ~ArchiveReader();
  ArchiveReader(const ArchiveReader&) = delete;
  ArchiveReader& operator=(const ArchiveReader&) = delete;

  // The next regular file, in the order of the archive; nothing at the end. Folders named .git and
  // other hidden ones are passed over. INVALID_ARGUMENT: damaged or cut off from here on;
  // RESOURCE_EXHAUSTED: beyond the limits. After an error there is no more.
  [[nodiscard]] absl::StatusOr<std::optional<ArchiveMember>> Next();

  // How much of the archive's own bytes was read, 0..1.
  [[nodiscard]] double fraction() const;

 private:
  struct Layers;
  explicit ArchiveReader(std::unique_ptr<Layers> layers);

  std::unique_ptr<Layers> layers_;
};

}  // namespace modelwatch::cli
