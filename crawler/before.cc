// SPDX-License-Identifier: Apache-2.0
#include "crawler/before.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/match.h"
#include "common/digest.h"
#include "proto/document_path.h"

namespace modelwatch::crawler {

const v1::File* Before::Find(std::string_view path) const {
  const auto found = std::find_if(files.begin(), files.end(),
                                  [&](const v1::File& file) { return file.path() == path; });
  return found == files.end() ? nullptr : &*found;
}

bool Before::IsSameContent(const v1::Observation& now) const {
  return !revision.empty() && revision == now.revision() && gate == now.access().gate();
}

Before BeforeOf(const v1::Head* head) {
  Before before;
  if (head == nullptr || !head->found()) return before;
  const v1::Observation& seen = head->observation();
  before.revision = seen.revision();
  before.gate = seen.access().gate();
  std::copy_if(seen.files().begin(), seen.files().end(), std::back_inserter(before.files),
               [](const v1::File& file) {
                 return proto::IsDocumentPath(file.path()) || IsPdfPath(file.path());
               });
  return before;
}

bool IsPdfPath(std::string_view path) {
  return absl::EndsWithIgnoreCase(std::string(path), ".pdf");
}

void AddFile(v1::PutItem& item, const v1::File& file) {
  auto& files = *item.mutable_observation()->mutable_files();
  const auto by_path = [](const v1::File& a, const v1::File& b) { return a.path() < b.path(); };
  if (std::any_of(files.begin(), files.end(),
                  [&](const v1::File& other) { return other.path() == file.path(); })) {
    return;
  }
  *files.Add() = file;
  std::sort(files.begin(), files.end(), by_path);
}

void AddText(v1::PutItem& item, const std::string& path, const std::string& text,
             const Before& before) {
  v1::File file;
  file.set_path(path);
  file.set_outcome(v1::FETCHED);
  file.set_size(text.size());
  file.set_digest(common::Sha256(text));
  AddFile(item, file);
  const v1::File* known = before.Find(path);
  if (known != nullptr && known->digest() == file.digest()) return;
  v1::Blob& blob = *item.add_blobs();
  blob.set_digest(file.digest());
  blob.set_content(text);
}

}  // namespace modelwatch::crawler
