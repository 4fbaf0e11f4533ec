// SPDX-License-Identifier: Apache-2.0
#include "cli/checkout.h"

#include <algorithm>
#include <filesystem>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "cli/text_input.h"
#include "common/digest.h"
#include "common/status_macros.h"
#include "evaluator/assess/declared.h"
#include "evaluator/assess/sources.h"
#include "evaluator/openness/file_parts.h"

namespace modelwatch::cli {
namespace {

namespace fs = std::filesystem;
using evaluator::FileRole;

// A card of a hub is under a mebibyte; licence texts are far smaller.
constexpr size_t kMaxReadFiles = 64;

bool IsRead(FileRole role) { return role != FileRole::kOther && role != FileRole::kNotice; }

// Weights, code and pictures may carry such names: "license_plate_detector.safetensors".
bool LooksLikeText(std::string_view path) {
  constexpr std::string_view kOthers[] = {
      ".safetensors", ".bin",  ".onnx", ".pt",   ".pth", ".h5",   ".gguf",   ".ckpt",
      ".npz",         ".py",   ".sh",   ".json", ".csv", ".yaml", ".yml",    ".png",
      ".jpg",         ".jpeg", ".pdf",  ".zip",  ".gz",  ".pkl",  ".parquet"};
  const std::string ending = absl::AsciiStrToLower(fs::path(path).extension().string());
  return std::find(std::begin(kOthers), std::end(kOthers), ending) == std::end(kOthers);
}

absl::Status AddText(const std::string& folder, const std::string& path, Checkout& checkout) {
  ASSIGN_OR_RETURN(FileBeginning file, ReadBeginning((fs::path(folder) / path).string()));
  v1::File& seen = *checkout.version.mutable_observation()->add_files();
  seen.set_path(path);
  seen.set_size(file.whole_bytes);
  seen.set_oid(common::GitBlobOid(file.bytes));
  seen.set_digest(common::Sha256(file.bytes));
  seen.set_outcome(v1::FETCHED);
  checkout.texts.emplace_back(path, std::move(file.bytes));
  return absl::OkStatus();
}

bool HasWeights(const std::vector<std::string>& paths) {
  evaluator::Exhibit exhibit;
  evaluator::ShowFiles(paths, exhibit);
  return exhibit.part(v1::FINAL_PARAMETERS).answer == v1::YES;
}

std::string NameOf(const std::string& folder) {
  std::error_code ignored;
  const fs::path full = fs::weakly_canonical(folder, ignored);
  return full.filename().empty() ? full.parent_path().filename().string()
                                 : full.filename().string();
}

}  // namespace

std::vector<evaluator::FileText> Checkout::files() const {
  std::vector<evaluator::FileText> files;
  for (const auto& [path, bytes] : texts) files.push_back({path, bytes});
  return files;
}

absl::StatusOr<Checkout> ReadCheckout(const std::string& folder) {
  ASSIGN_OR_RETURN(const std::vector<std::string> found, FilesBelow(folder));
  Checkout checkout;
  v1::Observation& seen = *checkout.version.mutable_observation();
  seen.set_name(NameOf(folder));
  seen.mutable_access()->set_presence(v1::PRESENT);
  seen.mutable_access()->set_gate(v1::OPEN);
  for (const std::string& full : found) {
    const std::string path = fs::path(full).lexically_relative(folder).generic_string();
    checkout.paths.push_back(path);
    const bool has_room = checkout.texts.size() < kMaxReadFiles;
    if (!has_room || !IsRead(evaluator::RoleOf(path)) || !LooksLikeText(path)) continue;
    RETURN_IF_ERROR(AddText(folder, path, checkout));
    if (path == "README.md") {
      *seen.mutable_declared() = evaluator::DeclaredInCard(checkout.texts.back().second);
    }
  }
  if (checkout.texts.empty() && !HasWeights(checkout.paths)) {
    return absl::InvalidArgumentError(
        absl::StrFormat("%s: no README.md, licence or weights in it, so not a release", folder));
  }
  return checkout;
}

}  // namespace modelwatch::cli
