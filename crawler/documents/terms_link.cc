// SPDX-License-Identifier: Apache-2.0
#include "crawler/documents/terms_link.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "proto/validate.h"

namespace modelwatch::crawler {
namespace {

constexpr size_t kMaxPathBytes = 512;
constexpr size_t kMaxAddressBytes = 2048;
// How far before an address the words that name it may stand: "Acceptable Use Policy (available at
// https://...)".
constexpr size_t kWordsBefore = 96;
// A text of nothing but addresses is no licence.
constexpr size_t kMaxAddresses = 1000;

// Whether words or an address speak of a policy for use. Punctuation and case aside.
bool SpeaksOfPolicy(std::string_view words) {
  std::string plain;
  for (const char c : words) {
    const auto byte = static_cast<unsigned char>(c);
    plain += absl::ascii_isalnum(byte) ? static_cast<char>(absl::ascii_tolower(byte)) : ' ';
  }
  absl::RemoveExtraAsciiWhitespace(&plain);
  for (const char* named :
       {"use policy", "usage policy", "acceptable use", "prohibited use", "use restrictions"}) {
    if (plain.find(named) != std::string::npos) return true;
  }
  return false;
}

bool IsOfAddress(char c) {
  return static_cast<unsigned char>(c) > 0x20 && c != '<' && c != '>' && c != '"' && c != '\'' &&
         c != ')' && c != ']' && c != '}' && c != '`';
}

class Policies {
 public:
  explicit Policies(const common::Url& own) : own_(own) {}

  void Add(std::string_view address) {
    if (found_.size() == kMaxPolicies || address.size() > kMaxAddressBytes) return;
    const size_t colon = address.find(':');  // "mailto:", which would pass for a relative path
    if (colon < address.find('/') && address.substr(0, 4) != "http") return;
    const auto url = common::ResolveUrl(own_, address);
    if (!url.ok() || Is(*url, own_)) return;
    if (std::none_of(found_.begin(), found_.end(),
                     [&](const common::Url& other) { return Is(*url, other); })) {
      found_.push_back(*url);
    }
  }

  std::vector<common::Url> Take() { return std::move(found_); }

 private:
  static bool Is(const common::Url& a, const common::Url& b) {
    return common::SameOrigin(a, b) && a.target == b.target;
  }

  const common::Url& own_;
  std::vector<common::Url> found_;
};

void AddFromText(std::string_view text, Policies& policies) {
  size_t looked_at = 0;
  size_t last_end = 0;  // of the address before: the words before that one are not about this one
  for (size_t at = text.find("http"); at != std::string_view::npos && looked_at < kMaxAddresses;
       at = text.find("http", at)) {
    size_t end = at;
    while (end < text.size() && end - at <= kMaxAddressBytes && IsOfAddress(text[end])) ++end;
    std::string_view address = text.substr(at, end - at);
    while (!address.empty() && (address.back() == '.' || address.back() == ',' ||
                                address.back() == ';' || address.back() == ':')) {
      address.remove_suffix(1);
    }
    const size_t before = std::max(last_end, at - std::min(at, kWordsBefore));
    const bool is_address = address.find("://") != std::string_view::npos;
    if (is_address) ++looked_at;
    if (is_address &&
        (SpeaksOfPolicy(address) || SpeaksOfPolicy(text.substr(before, at - before)))) {
      policies.Add(address);
    }
    at = std::max(end, at + 1);
    if (is_address) last_end = at;
  }
}

// The text itself behind a page that shows it.
void LeadToText(common::Url& url) {
  if (url.host == "github.com") {
    const std::vector<std::string> parts = absl::StrSplit(url.target, absl::MaxSplits('/', 4));
    if (parts.size() == 5 && (parts[3] == "blob" || parts[3] == "raw")) {
      url.host = "raw.githubusercontent.com";
      url.target = "/" + parts[1] + "/" + parts[2] + "/" + parts[4];
    }
  } else if (url.host == "huggingface.co" || url.host == "hf.co") {
    url.target = absl::StrReplaceAll(url.target, {{"/blob/", "/resolve/"}, {"/raw/", "/resolve/"}});
  }
}

}  // namespace

std::optional<common::Url> LicenceAddress(std::string_view license_link) {
  std::string link(license_link);
  absl::StripAsciiWhitespace(&link);
  if (link.size() > kMaxAddressBytes) return std::nullopt;
  auto url = common::ParseUrl(link);
  if (!url.ok()) return std::nullopt;
  LeadToText(*url);
  return *std::move(url);
}

std::vector<common::Url> PolicyAddresses(std::string_view text, const std::vector<PageLink>& links,
                                         const common::Url& own) {
  Policies policies(own);
  AddFromText(text, policies);
  for (const PageLink& link : links) {
    if (SpeaksOfPolicy(link.href) || SpeaksOfPolicy(link.words)) policies.Add(link.href);
  }
  return policies.Take();
}

std::optional<std::string> DocumentPath(const common::Url& address) {
  const std::string_view target(address.target);
  std::string path = address.scheme + ":" + address.host;
  const std::vector<std::string> segments =
      absl::StrSplit(std::string(target.substr(0, target.find('?'))), '/');
  for (const std::string& segment : segments) {
    if (segment.empty() || segment == ".") continue;
    if (segment == "..") return std::nullopt;
    path += "/" + segment;
  }
  if (path.size() > kMaxPathBytes || proto::ToValidUtf8(path) != path) return std::nullopt;
  return path;
}

}  // namespace modelwatch::crawler
