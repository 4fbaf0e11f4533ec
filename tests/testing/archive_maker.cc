// SPDX-License-Identifier: Apache-2.0
#include "testing/archive_maker.h"

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include <memory>

namespace modelwatch::testing {
namespace {

la_ssize_t Append(archive*, void* out, const void* bytes, size_t size) {
  static_cast<std::string*>(out)->append(static_cast<const char*>(bytes), size);
  return static_cast<la_ssize_t>(size);
}

void AddFile(archive* to, const ArchiveFile& file) {
  const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(),
                                                                       &archive_entry_free);
  archive_entry_set_pathname(entry.get(), file.name.c_str());
  archive_entry_set_perm(entry.get(), 0644);
  if (!file.link_target.empty()) {
    archive_entry_set_filetype(entry.get(), AE_IFLNK);
    archive_entry_set_symlink(entry.get(), file.link_target.c_str());
  } else {
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(file.bytes.size()));
  }
  EXPECT_GE(archive_write_header(to, entry.get()), ARCHIVE_WARN) << archive_error_string(to);
  if (file.link_target.empty()) archive_write_data(to, file.bytes.data(), file.bytes.size());
}

}  // namespace

std::string MakeArchive(const std::vector<ArchiveFile>& files, const std::string& format,
                        const std::string& filter) {
  std::string out;
  const std::unique_ptr<archive, int (*)(archive*)> to(archive_write_new(), &archive_write_free);
  const std::string name = format == "tar" ? "paxr" : format == "ar" ? "argnu" : format;
  EXPECT_EQ(archive_write_set_format_by_name(to.get(), name.c_str()), ARCHIVE_OK) << format;
  if (!filter.empty()) {
    EXPECT_EQ(archive_write_add_filter_by_name(to.get(), filter.c_str()), ARCHIVE_OK) << filter;
  }
  archive_write_set_bytes_per_block(to.get(), 0);
  archive_write_open(to.get(), &out, nullptr, &Append, nullptr);
  for (const ArchiveFile& file : files) AddFile(to.get(), file);
  archive_write_close(to.get());
  return out;
}

}  // namespace modelwatch::testing
