// SPDX-License-Identifier: Apache-2.0
#include "evaluator/bom/address.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/log.h"
#include "common/url.h"
#include "proto/document_path.h"

namespace modelwatch::evaluator {
namespace {

constexpr size_t kMostText = 512;
constexpr size_t kMostAddress = 2048;
constexpr char kHuggingFace[] = "https://huggingface.co";

bool IsHostCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-';
}

// A '%' that begins no escape would make the whole no address.
std::string Escaped(std::string_view target) {
  std::string out;
  for (size_t at = 0; at < target.size(); ++at) {
    const bool is_escape = target[at] == '%' && at + 2 < target.size() &&
                           absl::ascii_isxdigit(static_cast<unsigned char>(target[at + 1])) &&
                           absl::ascii_isxdigit(static_cast<unsigned char>(target[at + 2]));
    out += is_escape ? "%" : common::PercentEncode(target.substr(at, 1), "/?&=:@!$'()*+,;");
  }
  return out;
}

}  // namespace

std::string Plain(std::string_view text) { return common::OneLine(text, kMostText); }

std::string ReleaseAddress(const std::string& endpoint, const std::string& name) {
  return absl::StrCat(endpoint, "/", common::PercentEncode(name, "/"));
}

std::string TreeAddress(const std::string& endpoint, const v1::Observation& seen) {
  const std::string release = ReleaseAddress(endpoint, seen.name());
  if (seen.revision().empty()) return release;
  return absl::StrCat(release, "/tree/", common::PercentEncode(seen.revision()));
}

std::string FileAddress(const std::string& endpoint, const v1::Observation& seen,
                        const std::string& path) {
  if (path.empty()) return "";
  if (proto::IsAddressPath(path)) return SafeAddress(proto::DocumentAddress(path));
  const std::string revision = seen.revision().empty() ? "main" : seen.revision();
  return absl::StrCat(ReleaseAddress(endpoint, seen.name()), "/blob/",
                      common::PercentEncode(revision), "/",
                      common::PercentEncode(proto::FileBehind(path), "/"));
}

std::string SafeAddress(std::string_view text) {
  if (text.size() > kMostAddress) return "";
  const auto url = common::ParseUrl(text);
  if (!url.ok() || !std::all_of(url->host.begin(), url->host.end(), IsHostCharacter)) return "";
  return absl::StrCat(common::Origin(*url), Escaped(url->target));
}

std::string PackageUrl(const std::string& endpoint, const std::string& name,
                       const std::string& revision) {
  std::string purl = absl::StrCat("pkg:huggingface/", common::PercentEncode(name, "/"));
  if (!revision.empty()) {
    absl::StrAppend(&purl, "@", common::PercentEncode(absl::AsciiStrToLower(revision)));
  }
  if (endpoint != kHuggingFace) {
    absl::StrAppend(&purl, "?repository_url=", common::PercentEncode(endpoint, ":/"));
  }
  return purl;
}

}  // namespace modelwatch::evaluator
