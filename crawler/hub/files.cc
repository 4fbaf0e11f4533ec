// SPDX-License-Identifier: Apache-2.0
#include "crawler/hub/files.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/ascii.h"
#include "proto/validate.h"

namespace modelwatch::crawler {
namespace {

constexpr size_t kMaxPathBytes = 512;

constexpr std::string_view kStarts[] = {"license", "licence", "copying", "notice", "use_policy"};
constexpr std::string_view kHolds[] = {"license", "licence", "agreement"};
// Never texts: seen beside names such as license_plate_detector.
constexpr std::string_view kOtherEndings[] = {
    ".safetensors", ".bin",     ".onnx",   ".pt",   ".pth",     ".h5",      ".gguf", ".ggml",
    ".tflite",      ".msgpack", ".engine", ".ckpt", ".npz",     ".npy",     ".pkl",  ".zip",
    ".tar",         ".gz",      ".7z",     ".png",  ".jpg",     ".jpeg",    ".gif",  ".svg",
    ".webp",        ".mp4",     ".wav",    ".mp3",  ".parquet", ".mlmodel", ".pb",   ".index",
    ".json",        ".yaml",    ".yml",    ".py",   ".ipynb",   ".csv",     ".data", ".keras"};

bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

size_t Depth(std::string_view path) {
  return static_cast<size_t>(std::count(path.begin(), path.end(), '/'));
}

bool IsAside(std::string_view path) {
  const std::string name = absl::AsciiStrToLower(std::string(path));
  return name.find("mmproj") != std::string::npos || name.find("imatrix") != std::string::npos;
}

}  // namespace

bool IsLicenceLike(std::string_view path) {
  const size_t slash = path.rfind('/');
  std::string name(slash == std::string_view::npos ? path : path.substr(slash + 1));
  absl::AsciiStrToLower(&name);
  for (const std::string_view ending : kOtherEndings) {
    if (EndsWith(name, ending)) return false;
  }
  return std::any_of(std::begin(kStarts), std::end(kStarts),
                     [&](std::string_view start) { return name.rfind(start, 0) == 0; }) ||
         std::any_of(std::begin(kHolds), std::end(kHolds),
                     [&](std::string_view part) { return name.find(part) != std::string::npos; });
}

bool IsSafePath(std::string_view path) {
  if (path.empty() || path.size() > kMaxPathBytes || path.front() == '/') return false;
  for (const char c : path) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '\\') return false;
  }
  for (size_t at = 0; at <= path.size();) {
    const size_t end = std::min(path.find('/', at), path.size());
    const std::string_view segment = path.substr(at, end - at);
    if (segment.empty() || segment == "." || segment == "..") return false;
    at = end + 1;
  }
  return proto::ToValidUtf8(path) == path;
}

bool IsGguf(std::string_view path) { return EndsWith(path, ".gguf") && IsSafePath(path); }

bool IsBetterGguf(std::string_view path, std::string_view than) {
  return std::make_tuple(IsAside(path), Depth(path), path) <
         std::make_tuple(IsAside(than), Depth(than), than);
}

std::vector<std::string> PickFiles(const std::vector<std::string>& paths) {
  std::vector<std::string> picked;
  for (const std::string& path : paths) {
    if (!IsSafePath(path)) continue;
    if (path == kCardPath || IsLicenceLike(path)) picked.push_back(path);
  }
  std::sort(picked.begin(), picked.end(), [](const std::string& a, const std::string& b) {
    const bool a_card = a == kCardPath;
    const bool b_card = b == kCardPath;
    if (a_card != b_card) return a_card;
    const size_t a_depth = Depth(a);
    const size_t b_depth = Depth(b);
    return a_depth != b_depth ? a_depth < b_depth : a < b;
  });
  picked.erase(std::unique(picked.begin(), picked.end()), picked.end());
  if (picked.size() > kMaxWantedFiles) picked.resize(kMaxWantedFiles);
  std::sort(picked.begin(), picked.end());
  return picked;
}

}  // namespace modelwatch::crawler
