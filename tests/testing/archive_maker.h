// SPDX-License-Identifier: Apache-2.0
// Archives made by a test, whole or hostile.
#pragma once

#include <string>
#include <vector>

namespace modelwatch::testing {

struct ArchiveFile {
  std::string name;
  std::string bytes;
  std::string link_target;  // not empty: a symbolic link
};

// An archive of these files in memory. `format`: "tar", "zip", "cpio", "ar", "raw" (one file);
// `filter`: "", "gzip", "zstd", "xz", "bzip2". Fails the test when libarchive cannot.
[[nodiscard]] std::string MakeArchive(const std::vector<ArchiveFile>& files,
                                      const std::string& format, const std::string& filter = "");

}  // namespace modelwatch::testing
