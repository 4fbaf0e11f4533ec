// SPDX-License-Identifier: Apache-2.0
#include "evaluator/assess/sources.h"

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "proto/document_path.h"

namespace modelwatch::evaluator {
namespace {

constexpr size_t kMaxGoverning = 4;

bool Has(const std::string& name, std::string_view part) {
  return name.find(part) != std::string::npos;
}

std::string Name(std::string_view path) {
  return absl::AsciiStrToLower(std::string(path.substr(path.rfind('/') + 1)));
}

size_t DepthOf(std::string_view path) {
  return static_cast<size_t>(std::count(path.begin(), path.end(), '/'));
}

bool IsPolicyName(const std::string& name) {
  for (const char* part : {"use_policy", "use-policy", "acceptable_use", "acceptable-use",
                           "prohibited_use", "prohibited-use"}) {
    if (Has(name, part)) return true;
  }
  return false;
}

// A PDF by its words.
void ReadPdfsByTheirWords(const v1::Observation& observation, std::vector<const v1::File*>& files) {
  for (const v1::File*& file : files) {
    const std::string words = proto::PdfTextPath(file->path());
    for (const v1::File& other : observation.files()) {
      if (other.outcome() == v1::FETCHED && other.path() == words) file = &other;
    }
  }
}

bool IsForModel(const v1::File& file) {
  const std::string name = Name(file.path());
  return Has(name, "model") || Has(name, "weight");
}

}  // namespace

FileRole RoleOf(std::string_view path) {
  if (proto::IsHeaderPath(path)) return FileRole::kHeader;
  if (proto::IsAddressPath(path)) {
    const std::string address = absl::AsciiStrToLower(std::string(path));
    return IsPolicyName(address) ? FileRole::kUsePolicy : FileRole::kLicence;
  }
  if (proto::IsDocumentPath(path)) return FileRole::kOther;  // the file that it is of has the role
  const std::string name = Name(path);
  if (name == "readme.md") return DepthOf(path) == 0 ? FileRole::kCard : FileRole::kOther;
  if (IsPolicyName(name)) return FileRole::kUsePolicy;
  if (Has(name, "notice") || Has(name, "third") || Has(name, "3rd")) return FileRole::kNotice;
  const bool is_licence = Has(name, "license") || Has(name, "licence") || Has(name, "copying") ||
                          Has(name, "agreement") || Has(name, "terms");
  if (!is_licence) return FileRole::kOther;
  return Has(name, "code") && !Has(name, "model") ? FileRole::kCodeLicence : FileRole::kLicence;
}

std::string LinkedPath(const v1::Observation& observation) {
  std::string link = observation.declared().license_link();
  link = link.substr(0, link.find_first_of("?# "));
  const size_t scheme = link.find("://");
  if (scheme == std::string::npos) {
    for (const char* start : {"./", "/", "blob/main/", "resolve/main/"}) {
      if (link.rfind(start, 0) == 0) link.erase(0, std::string(start).size());
    }
    return link.rfind("..", 0) == 0 ? "" : link;
  }
  const size_t host_end = link.find('/', scheme + 3);
  if (host_end == std::string::npos || observation.name().empty()) return "";
  const std::string host = link.substr(scheme + 3, host_end - scheme - 3);
  if (host != "huggingface.co" && host != "hf.co") return "";
  const std::string path = link.substr(host_end + 1);
  for (const char* kind : {"/blob/", "/resolve/", "/raw/"}) {
    const std::string start = observation.name() + kind;
    if (!absl::StartsWithIgnoreCase(path, start)) continue;
    const size_t revision_end = path.find('/', start.size());
    return revision_end == std::string::npos ? "" : path.substr(revision_end + 1);
  }
  return "";
}

namespace {

std::vector<const v1::File*> Governing(const v1::Observation& observation) {
  const std::string linked = LinkedPath(observation);
  for (const v1::File& file : observation.files()) {
    const FileRole role = RoleOf(file.path());
    const bool is_text = role == FileRole::kLicence || role == FileRole::kCodeLicence;
    if (is_text && file.path() == linked && file.outcome() != v1::MISSING) return {&file};
  }
  std::vector<const v1::File*> of_weights, of_code, outside;
  for (const v1::File& file : observation.files()) {
    const FileRole role = RoleOf(file.path());
    if (proto::IsAddressPath(file.path())) {
      if (role == FileRole::kLicence && file.outcome() == v1::FETCHED) outside.push_back(&file);
      continue;
    }
    if (role == FileRole::kLicence) of_weights.push_back(&file);
    if (role == FileRole::kCodeLicence) of_code.push_back(&file);
  }
  std::vector<const v1::File*>& files = of_weights.empty() ? of_code : of_weights;
  if (files.empty()) return outside;
  // The tie-breaks, strongest first: nearest to the root, then named for the model.
  size_t nearest = SIZE_MAX;
  for (const v1::File* file : files) nearest = std::min(nearest, DepthOf(file->path()));
  std::erase_if(files, [&](const v1::File* file) { return DepthOf(file->path()) != nearest; });
  const bool some_for_model =
      std::any_of(files.begin(), files.end(), [](const v1::File* f) { return IsForModel(*f); });
  if (some_for_model) std::erase_if(files, [](const v1::File* f) { return !IsForModel(*f); });
  if (files.size() > kMaxGoverning) files.resize(kMaxGoverning);
  return files;
}

}  // namespace

std::vector<const v1::File*> GoverningFiles(const v1::Observation& observation) {
  std::vector<const v1::File*> files = Governing(observation);
  ReadPdfsByTheirWords(observation, files);
  return files;
}

std::vector<const v1::File*> CodeLicences(const v1::Observation& observation) {
  std::vector<const v1::File*> of_code;
  bool has_others = false;
  for (const v1::File& file : observation.files()) {
    const FileRole role = RoleOf(file.path());
    has_others = has_others || (role == FileRole::kLicence && !proto::IsAddressPath(file.path()));
    if (role == FileRole::kCodeLicence && of_code.size() < kMaxGoverning) of_code.push_back(&file);
  }
  if (!has_others) of_code.clear();
  ReadPdfsByTheirWords(observation, of_code);
  return of_code;
}

std::vector<const v1::File*> UsePolicies(const v1::Observation& observation) {
  std::vector<const v1::File*> policies;
  for (const v1::File& file : observation.files()) {
    if (RoleOf(file.path()) != FileRole::kUsePolicy) continue;
    const bool is_outside = proto::IsAddressPath(file.path()) && file.outcome() == v1::FETCHED;
    if (is_outside || DepthOf(file.path()) == 0) {
      policies.push_back(&file);
    }
  }
  if (policies.size() > kMaxGoverning) policies.resize(kMaxGoverning);
  ReadPdfsByTheirWords(observation, policies);
  return policies;
}

const v1::File* HeaderOf(const v1::Observation& observation) {
  for (const v1::File& file : observation.files()) {
    if (RoleOf(file.path()) == FileRole::kHeader && file.outcome() == v1::FETCHED) return &file;
  }
  return nullptr;
}

}  // namespace modelwatch::evaluator
