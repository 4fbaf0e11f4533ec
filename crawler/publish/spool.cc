// SPDX-License-Identifier: Apache-2.0
#include "crawler/publish/spool.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_format.h"
#include "common/atomic_file.h"
#include "common/digest.h"
#include "common/log.h"
#include "common/status_macros.h"

namespace modelwatch::crawler {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "MWSPOOL1";
constexpr size_t kLengthBytes = 4;
constexpr size_t kCheckBytes = 8;
constexpr size_t kMaxRecordBytes = size_t{64} << 20;
constexpr uint64_t kSegmentBytes = uint64_t{8} << 20;
constexpr char kEnding[] = ".spool";

std::string Check(std::string_view payload) {
  return common::Sha256(payload).substr(0, kCheckBytes);
}

void AppendRecord(const v1::PutItem& item, std::string& out) {
  const std::string payload = item.SerializeAsString();
  const auto length = static_cast<uint32_t>(payload.size());
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(length >> shift));
  out += Check(payload);
  out += payload;
}

bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

}  // namespace

SpoolSegment ParseSpoolSegment(std::string_view bytes) {
  SpoolSegment segment;
  if (bytes.substr(0, kMagic.size()) != kMagic) {
    segment.torn_bytes = bytes.size();
    return segment;
  }
  bytes.remove_prefix(kMagic.size());
  while (bytes.size() >= kLengthBytes + kCheckBytes) {
    size_t length = 0;
    for (size_t i = kLengthBytes; i-- > 0;) {
      length = (length << 8) | static_cast<unsigned char>(bytes[i]);
    }
    if (length > kMaxRecordBytes || bytes.size() - kLengthBytes - kCheckBytes < length) break;
    const std::string_view payload = bytes.substr(kLengthBytes + kCheckBytes, length);
    if (bytes.substr(kLengthBytes, kCheckBytes) != Check(payload)) break;
    segment.records.push_back(payload);
    bytes.remove_prefix(kLengthBytes + kCheckBytes + length);
  }
  segment.torn_bytes = bytes.size();
  return segment;
}

Spool::Spool(std::string directory, uint64_t max_bytes)
    : directory_(std::move(directory)), max_bytes_(max_bytes) {}

Spool::~Spool() { CloseSegment(); }

absl::StatusOr<std::unique_ptr<Spool>> Spool::Open(std::string directory, uint64_t max_bytes) {
  std::unique_ptr<Spool> spool(new Spool(std::move(directory), max_bytes));
  RETURN_IF_ERROR(spool->Scan());
  return spool;
}

absl::Status Spool::Scan() {
  std::error_code error;
  fs::create_directories(directory_, error);
  std::vector<fs::path> paths;
  for (auto it = fs::directory_iterator(directory_, error);
       !error && it != fs::directory_iterator(); it.increment(error)) {
    if (it->path().extension() == kEnding) paths.push_back(it->path());
  }
  if (error) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "spool %s cannot be used: %s; check the data directory", directory_, error.message()));
  }
  std::sort(paths.begin(), paths.end());
  for (const fs::path& path : paths) {
    const uint64_t size = fs::file_size(path, error);
    segments_.push_back({path.string(), error ? 0 : size});
    bytes_ += segments_.back().bytes;
    next_number_ = std::max<uint64_t>(next_number_,
                                      std::strtoull(path.stem().string().c_str(), nullptr, 10) + 1);
  }
  return absl::OkStatus();
}

absl::Status Spool::OpenSegment() {
  const std::string path = absl::StrFormat("%s/%020d%s", directory_, next_number_, kEnding);
  fd_ = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
  if (fd_ < 0 || !WriteAll(fd_, kMagic)) {
    const std::string why = std::strerror(errno);
    if (fd_ >= 0) unlink(path.c_str());
    CloseSegment();
    return absl::UnavailableError(absl::StrFormat("spool %s cannot be written: %s", path, why));
  }
  ++next_number_;
  segments_.push_back({path, kMagic.size()});
  bytes_ += kMagic.size();
  return common::SyncDirectory(directory_);
}

void Spool::CloseSegment() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

absl::Status Spool::Append(const std::vector<v1::PutItem>& items) {
  std::string records;
  for (const v1::PutItem& item : items) AppendRecord(item, records);
  if (bytes_ + records.size() > max_bytes_) {
    return absl::ResourceExhaustedError(absl::StrFormat(
        "spool %s is full (%d of %d bytes); the crawl waits until the indexer is back", directory_,
        bytes_, max_bytes_));
  }
  if (fd_ < 0) RETURN_IF_ERROR(OpenSegment());
  Segment& segment = segments_.back();
  if (!WriteAll(fd_, records) || fdatasync(fd_) != 0) {
    const std::string why = std::strerror(errno);
    if (ftruncate(fd_, static_cast<off_t>(segment.bytes)) != 0) CloseSegment();
    return absl::UnavailableError(
        absl::StrFormat("spool %s cannot be written: %s", segment.path, why));
  }
  segment.bytes += records.size();
  bytes_ += records.size();
  if (segment.bytes >= kSegmentBytes) CloseSegment();
  return absl::OkStatus();
}

void Spool::LoadFront() {
  while (front_.empty() && !segments_.empty()) {
    if (front_loaded_) {
      DropFront();
      continue;
    }
    if (segments_.size() == 1) CloseSegment();  // from now on it is read
    const std::string path = segments_.front().path;
    const auto content = common::ReadWholeFile(path, UINT64_MAX);
    front_loaded_ = true;
    if (!content.ok()) {
      common::LogError("spool.unreadable",
                       {{"path", path}, {"reason", std::string(content.status().message())}});
      continue;
    }
    const SpoolSegment segment = ParseSpoolSegment(*content);
    for (const std::string_view record : segment.records) {
      v1::PutItem item;
      if (item.ParseFromArray(record.data(), static_cast<int>(record.size()))) {
        front_.push_back(std::move(item));
      }
    }
    if (segment.torn_bytes > 0) {
      common::LogWarning("spool.torn", {{"path", path},
                                        {"records", common::Str(segment.records.size())},
                                        {"dropped_bytes", common::Str(segment.torn_bytes)}});
    }
  }
}

void Spool::DropFront() {
  bytes_ -= std::min(bytes_, segments_.front().bytes);
  unlink(segments_.front().path.c_str());
  segments_.pop_front();
  front_loaded_ = false;
}

std::vector<v1::PutItem> Spool::Front(size_t max_items, size_t max_bytes) {
  LoadFront();
  std::vector<v1::PutItem> items;
  size_t bytes = 0;
  for (const v1::PutItem& item : front_) {
    bytes += item.ByteSizeLong();
    if (!items.empty() && (items.size() >= max_items || bytes > max_bytes)) break;
    items.push_back(item);
  }
  return items;
}

void Spool::Pop(size_t count) {
  count = std::min(count, front_.size());
  front_.erase(front_.begin(), front_.begin() + static_cast<std::ptrdiff_t>(count));
  if (front_.empty() && front_loaded_) DropFront();
}

}  // namespace modelwatch::crawler
