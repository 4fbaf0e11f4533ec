// SPDX-License-Identifier: Apache-2.0
#include "crawler/pdf_licences.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/log.h"
#include "proto/document_path.h"
#include "proto/release_id.h"

namespace modelwatch::crawler {
namespace {

struct Job {
  v1::PutItem item;
  Before before;
  std::function<void(v1::PutItem)> done;
  size_t waiting = 0;
};

bool IsSameFile(const v1::File* known, const v1::File& file) {
  return known != nullptr && !file.digest().empty() && known->digest() == file.digest();
}

std::string OwnContent(const v1::PutItem& item, const v1::File& file) {
  for (const v1::Blob& blob : item.blobs()) {
    if (blob.digest() == file.digest()) return blob.content();
  }
  return "";
}

void OnWords(Job& job, const std::string& path, const PdfReader::Text& text) {
  const std::string words = proto::PdfTextPath(path);
  if (text.ok()) {
    AddText(job.item, words, *text, job.before);
    return;
  }
  common::LogInfo("crawl.pdf_unread", {{"release", proto::FormatKey(job.item.observation().key())},
                                       {"path", path},
                                       {"reason", std::string(text.status().message())}});
  if (absl::IsFailedPrecondition(text.status())) return;
  v1::File file;
  file.set_path(words);
  file.set_outcome(absl::IsResourceExhausted(text.status()) ? v1::TOO_LARGE : v1::EXTERNAL);
  AddFile(job.item, file);
}

// The PDFs whose words are to be made. Those that are known are added.
std::vector<v1::File> PdfsToRead(v1::PutItem& item, const Before& before) {
  std::vector<v1::File> pdfs, known;
  const bool is_same = before.IsSameContent(item.observation());
  for (const v1::File& file : item.observation().files()) {
    if (file.outcome() != v1::FETCHED || !IsPdfPath(file.path())) continue;
    if (proto::IsDocumentPath(file.path())) continue;
    const v1::File* words = before.Find(proto::PdfTextPath(file.path()));
    const bool is_same_file = IsSameFile(before.Find(file.path()), file);
    if (is_same_file && words != nullptr) {
      known.push_back(*words);
    } else if (!(is_same_file && is_same)) {
      pdfs.push_back(file);
    }
  }
  for (const v1::File& words : known) AddFile(item, words);
  return pdfs;
}

}  // namespace

void ReadPdfLicences(PdfReader& reader,
                     const std::function<std::string(const v1::File& file)>& content,
                     v1::PutItem item, const Before& before,
                     std::function<void(v1::PutItem)> done) {
  const std::vector<v1::File> pdfs = PdfsToRead(item, before);
  if (pdfs.empty()) {
    done(std::move(item));
    return;
  }
  auto job = std::make_shared<Job>(Job{std::move(item), before, std::move(done), pdfs.size()});
  for (const v1::File& file : pdfs) {
    const auto settle = [job, path = file.path()](const PdfReader::Text& text) {
      OnWords(*job, path, text);
      if (--job->waiting == 0) job->done(std::move(job->item));
    };
    std::string bytes = OwnContent(job->item, file);
    if (bytes.empty()) bytes = content(file);
    if (IsPdf(bytes)) {
      reader.Read(bytes, settle);
    } else if (bytes.empty()) {
      settle(absl::FailedPreconditionError("its content cannot be had now"));
    } else {
      settle(absl::InvalidArgumentError("it is no PDF, whatever its name says"));
    }
  }
}

}  // namespace modelwatch::crawler
