// SPDX-License-Identifier: Apache-2.0
#include "common/rpc/pem.h"

#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"

namespace modelwatch::common {

absl::StatusOr<std::string> ReadPem(const std::string& path) {
  if (path.empty()) return std::string();
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  if (!file) return absl::NotFoundError(absl::StrCat("cannot read the TLS file ", path));
  std::string pem = text.str();
  if (pem.find("-----BEGIN ") == std::string::npos) {
    return absl::InvalidArgumentError(absl::StrCat(path, " holds no PEM block; give a PEM file"));
  }
  return pem;
}

}  // namespace modelwatch::common
