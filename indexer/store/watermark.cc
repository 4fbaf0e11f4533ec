// SPDX-License-Identifier: Apache-2.0
#include "indexer/store/watermark.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/atomic_file.h"
#include "common/digest.h"
#include "common/status_macros.h"

namespace modelwatch::indexer {
namespace {

constexpr size_t kDigits = 20;
constexpr size_t kCheckDigits = 8;

std::string MarkPath(const std::string& path) { return std::filesystem::path(path) / "WATERMARK"; }

// "<20 digits> <8 digits of their SHA-256>\n": always as long, so that it is overwritten in place.
std::string Line(uint64_t number) {
  const std::string digits = absl::StrFormat("%0*d", static_cast<int>(kDigits), number);
  return absl::StrCat(digits, " ", common::ToHex(common::Sha256(digits)).substr(0, kCheckDigits),
                      "\n");
}

}  // namespace

absl::StatusOr<uint64_t> ReadWatermark(const std::string& path) {
  const auto text = common::ReadWholeFile(MarkPath(path), 2 * kDigits);
  if (absl::IsNotFound(text.status())) return uint64_t{0};
  uint64_t number = 0;
  const bool whole = text.ok() && text->size() > kDigits &&
                     absl::SimpleAtoi(text->substr(0, kDigits), &number) && *text == Line(number);
  if (whole) return number;
  if (absl::IsUnavailable(text.status())) return text.status();
  return absl::DataLossError(absl::StrCat("open the database ", path,
                                          ": its file WATERMARK is damaged; restore a backup, or "
                                          "remove that file and run modelwatch db check"));
}

absl::StatusOr<std::unique_ptr<Watermark>> Watermark::Start(const std::string& path,
                                                            uint64_t number) {
  const std::string mark = MarkPath(path);
  RETURN_IF_ERROR(common::WriteFileAtomically(mark, Line(number)));
  const int file = open(mark.c_str(), O_WRONLY | O_CLOEXEC);
  if (file < 0) {
    return absl::UnavailableError(absl::StrCat("open ", mark, ": ", std::strerror(errno)));
  }
  return std::unique_ptr<Watermark>(new Watermark(file, number));
}

Watermark::~Watermark() { close(file_); }

bool Watermark::Raise(uint64_t number) {
  const common::MutexLock lock(mutex_);
  if (number <= number_) return true;
  const std::string line = Line(number);
  if (pwrite(file_, line.data(), line.size(), 0) != static_cast<ssize_t>(line.size())) return false;
  number_ = number;
  return true;
}

}  // namespace modelwatch::indexer
