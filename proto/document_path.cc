// SPDX-License-Identifier: Apache-2.0
#include "proto/document_path.h"

namespace modelwatch::proto {
namespace {

constexpr std::string_view kHeader = "gguf:";
constexpr std::string_view kPdf = "pdf:";

bool Begins(std::string_view path, std::string_view start) {
  return path.substr(0, start.size()) == start;
}

}  // namespace

bool IsAddressPath(std::string_view path) {
  return Begins(path, "https:") || Begins(path, "http:");
}

bool IsHeaderPath(std::string_view path) { return Begins(path, kHeader); }

bool IsDocumentPath(std::string_view path) {
  return IsAddressPath(path) || IsHeaderPath(path) || Begins(path, kPdf);
}

std::string HeaderPath(std::string_view weights_file) {
  return std::string(kHeader) + std::string(weights_file);
}

std::string PdfTextPath(std::string_view pdf_file) {
  return std::string(kPdf) + std::string(pdf_file);
}

std::string DocumentAddress(std::string_view path) {
  std::string address(path);
  if (IsAddressPath(path)) address.insert(path.find(':') + 1, "//");
  return address;
}

std::string FileBehind(std::string_view path) {
  for (const std::string_view start : {kHeader, kPdf}) {
    if (Begins(path, start)) return std::string(path.substr(start.size()));
  }
  return std::string(path);
}

}  // namespace modelwatch::proto
