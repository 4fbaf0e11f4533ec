// SPDX-License-Identifier: Apache-2.0
// A directory of the test's own, removed with everything in it at the end.
#pragma once

#include <filesystem>
#include <string>

namespace modelwatch::testing {

class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::string Sub(std::string_view name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace modelwatch::testing
