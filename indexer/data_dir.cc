// SPDX-License-Identifier: Apache-2.0
#include "indexer/data_dir.h"

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/atomic_file.h"
#include "common/status_macros.h"
#include "indexer/store/rocks_store.h"

namespace modelwatch::indexer {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxSocketPath = 107;
constexpr uint64_t kMaxAddressBytes = 4096;

}  // namespace

std::string DatabasePath(const std::string& data_dir) { return fs::path(data_dir) / "db"; }
std::string AddressPath(const std::string& data_dir) {
  return fs::path(data_dir) / "indexer.address";
}
std::string SocketPath(const std::string& data_dir) {
  std::error_code ignored;
  const fs::path absolute = fs::absolute(data_dir, ignored);
  return absolute.lexically_normal() / "indexer.sock";
}

std::string LocalListenAddress(const std::string& data_dir) {
  const std::string path = SocketPath(data_dir);
  return path.size() <= kMaxSocketPath ? absl::StrCat("unix:", path) : "127.0.0.1:0";
}

absl::Status MakeDataDir(const std::string& data_dir) {
  std::error_code error;
  fs::create_directories(data_dir, error);
  if (!error) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("make the data directory ", data_dir, ": ",
                                             error.message(), "; choose another with --data"));
}

absl::Status RequireDatabase(const std::string& data_dir) {
  std::error_code ignored;
  if (!fs::is_directory(data_dir, ignored)) {
    return absl::NotFoundError(
        absl::StrCat("there is no data directory ", data_dir,
                     "; name one with --data, or fill it with modelwatch run"));
  }
  if (!RocksStoreExists(DatabasePath(data_dir))) {
    return absl::NotFoundError(absl::StrCat("the data directory ", data_dir,
                                            " holds no database; fill it with modelwatch run"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadAddress(const std::string& data_dir) {
  ASSIGN_OR_RETURN(const std::string text,
                   common::ReadWholeFile(AddressPath(data_dir), kMaxAddressBytes));
  return std::string(absl::StripSuffix(text, "\n"));
}

}  // namespace modelwatch::indexer
