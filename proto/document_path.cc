// SPDX-License-Identifier: Apache-2.0
#include "proto/document_path.h"

namespace modelwatch::proto {

bool IsDocumentPath(std::string_view path) {
  return path.rfind("https:", 0) == 0 || path.rfind("http:", 0) == 0;
}

std::string DocumentAddress(std::string_view path) {
  std::string address(path);
  if (IsDocumentPath(path)) address.insert(path.find(':') + 1, "//");
  return address;
}

}  // namespace modelwatch::proto
