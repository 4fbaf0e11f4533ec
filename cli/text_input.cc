// SPDX-License-Identifier: Apache-2.0
#include "cli/text_input.h"

#include <sys/stat.h>
#include <algorithm>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>

#include "absl/strings/str_format.h"
#include "evaluator/license/decode.h"

namespace modelwatch::cli {
namespace {

namespace fs = std::filesystem;

using OpenFile = std::unique_ptr<FILE, int (*)(FILE*)>;

// Adds up to `max` bytes; false when reading failed.
bool Append(FILE* file, size_t max, std::string& bytes) {
  char buffer[1 << 16];
  for (size_t left = max; left > 0;) {
    const size_t read = std::fread(buffer, 1, std::min(left, sizeof(buffer)), file);
    if (read == 0) break;
    bytes.append(buffer, read);
    left -= read;
  }
  return std::ferror(file) == 0;
}

}  // namespace

absl::Status CannotRead(const std::string& path, int error) {
  const std::string message =
      absl::StrFormat("%s: %s", path, std::generic_category().message(error));
  if (error == ENOENT || error == ENOTDIR) return absl::NotFoundError(message);
  if (error == EACCES || error == EPERM) return absl::PermissionDeniedError(message);
  return absl::InvalidArgumentError(message);
}

absl::StatusOr<std::string> ReadText(const std::string& path, size_t max_bytes) {
  std::error_code ignored;
  if (path != "-" && fs::is_directory(path, ignored)) return CannotRead(path, EISDIR);
  std::unique_ptr<FILE, int (*)(FILE*)> opened(nullptr, &std::fclose);
  if (path != "-") {
    opened.reset(std::fopen(path.c_str(), "rb"));
    if (opened == nullptr) return CannotRead(path, errno);
  }
  FILE* const file = path == "-" ? stdin : opened.get();
  std::string bytes;
  char buffer[1 << 16];
  while (const size_t read = std::fread(buffer, 1, sizeof(buffer), file)) {
    bytes.append(buffer, read);
    if (bytes.size() > max_bytes) {
      return absl::InvalidArgumentError(
          absl::StrFormat("%s: larger than %d bytes, so not a licence text", path, max_bytes));
    }
  }
  if (std::ferror(file) != 0) return CannotRead(path, EIO);
  return bytes;
}

absl::StatusOr<FileBeginning> ReadBeginning(const std::string& path) {
  constexpr size_t kHeadBytes = 64 << 10;
  OpenFile opened(nullptr, &std::fclose);
  if (path != "-") {
    opened.reset(std::fopen(path.c_str(), "rb"));
    if (opened == nullptr) return CannotRead(path, errno);
  }
  FILE* const file = path == "-" ? stdin : opened.get();
  struct stat status {};
  const bool has_size = fstat(fileno(file), &status) == 0 && S_ISREG(status.st_mode);
  FileBeginning beginning;
  if (!Append(file, kHeadBytes, beginning.bytes)) return CannotRead(path, errno);
  const size_t size = has_size ? static_cast<size_t>(status.st_size) : 0;
  const bool is_all = beginning.bytes.size() < kHeadBytes;
  if (is_all || evaluator::Decode(beginning.bytes, size).kind == evaluator::ContentKind::kText) {
    if (!Append(file, kMaxTextFileBytes - kHeadBytes, beginning.bytes)) {
      return CannotRead(path, errno);
    }
  }
  beginning.whole_bytes = std::max(beginning.bytes.size(), size);
  if (std::fgetc(file) != EOF) {
    beginning.whole_bytes = std::max(beginning.whole_bytes, beginning.bytes.size() + 1);
  }
  return beginning;
}

absl::StatusOr<std::vector<std::string>> FilesBelow(const std::string& folder) {
  std::error_code error;
  auto at = fs::recursive_directory_iterator(folder, error);
  if (error) return CannotRead(folder, error.value());
  std::vector<std::string> files;
  for (const auto end = fs::end(at); at != end; at.increment(error)) {
    if (error) return CannotRead(folder, error.value());
    const bool is_hidden = at->path().filename().string().front() == '.';
    if (at->is_directory(error) && is_hidden) at.disable_recursion_pending();
    if (at->is_regular_file(error) && !is_hidden) files.push_back(at->path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace modelwatch::cli
