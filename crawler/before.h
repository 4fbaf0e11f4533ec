// SPDX-License-Identifier: Apache-2.0
// What the newest version of a release had, as far as the readers of its documents need it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "modelwatch/v1/ingest.pb.h"
#include "modelwatch/v1/read.pb.h"

namespace modelwatch::crawler {

struct Before {
  std::string revision;  // empty: there was no version
  v1::Gate gate = v1::GATE_UNSPECIFIED;
  std::vector<v1::File> files;  // its documents, and its PDFs

  // Null when it had no such file.
  [[nodiscard]] const v1::File* Find(std::string_view path) const;
  // What the files of a revision say never changes; whether they may be read may.
  [[nodiscard]] bool IsSameContent(const v1::Observation& now) const;
};

// `head` may be null.
[[nodiscard]] Before BeforeOf(const v1::Head* head);

[[nodiscard]] bool IsPdfPath(std::string_view path);

// Adds a file to an item, whose files are in order of path, unless one of that path is there.
void AddFile(v1::PutItem& item, const v1::File& file);

// Adds `text` as the fetched file `path`, with its content unless `before` had the same.
void AddText(v1::PutItem& item, const std::string& path, const std::string& text,
             const Before& before);

}  // namespace modelwatch::crawler
