// SPDX-License-Identifier: Apache-2.0
// The files that `modelwatch identify` was asked about, one after the other.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace modelwatch::cli {

// One file to identify, or a path that cannot be read.
struct Source {
  enum class Kind {
    kFile,     // to be read from `path` by whoever judges it
    kBytes,    // a member of an archive: `bytes` is its beginning
    kArchive,  // an archive inside an archive, which is not opened
    kProblem,  // `problem` says what cannot be read and what happens next
  };
  Kind kind = Kind::kFile;
  std::string path;  // as told to the user: "archive.tar.gz/inner/path" for a member
  std::string bytes;
  size_t whole_bytes = 0;
  absl::Status problem;
  double fraction = 0;  // of all the work that is done with this source, 0..1: an estimate
};

// Hands over every file in the order of `paths`; a folder's in ascending order of their names,
// folder by folder; an archive's in its own order. "-" is standard input.
//
// Of a folder: hidden folders are passed over, symbolic links are followed only to files below the
// folder, archives (by their name) are looked into. Whatever is named itself is read, hidden, a
// link, or an archive by its first bytes. Holds the names of one folder a level, never the whole
// tree.
void WalkSources(const std::vector<std::string>& paths,
                 const std::function<void(Source)>& on_source);

}  // namespace modelwatch::cli
