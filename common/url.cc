// SPDX-License-Identifier: Apache-2.0
#include "common/url.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "common/log.h"

namespace modelwatch::common {
namespace {

constexpr size_t kMaxUrlBytes = 16 * 1024;

absl::Status Refuse(std::string_view text, const char* why) {
  return absl::InvalidArgumentError(
      absl::StrFormat("'%s' is not an address: %s", OneLine(text, 120), why));
}

bool IsPlain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) > ' ' && c != 0x7F && c != '\\';
  });
}

uint16_t DefaultPort(std::string_view scheme) { return scheme == "https" ? 443 : 80; }

bool IsUnreserved(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
         std::string_view("-._~").find(c) != std::string_view::npos;
}

// Splits "host:port" into the url. `text` is the whole address, for the message.
absl::Status ReadAuthority(std::string_view authority, std::string_view text, Url& url) {
  if (authority.find('@') != std::string_view::npos) {
    return Refuse(text, "it holds a user name or password");
  }
  const size_t bracket = authority.rfind(']');
  const size_t colon = authority.rfind(':');
  const bool has_port =
      colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
  url.host = std::string(authority.substr(0, has_port ? colon : authority.size()));
  absl::AsciiStrToLower(&url.host);
  if (url.host.empty()) return Refuse(text, "the host is empty");
  url.port = DefaultPort(url.scheme);
  if (has_port) {
    uint32_t port = 0;
    if (!absl::SimpleAtoi(std::string(authority.substr(colon + 1)), &port) || port == 0 ||
        port > 65535) {
      return Refuse(text, "the port is not between 1 and 65535");
    }
    url.port = static_cast<uint16_t>(port);
  }
  return absl::OkStatus();
}

std::string_view WithoutFragment(std::string_view text) { return text.substr(0, text.find('#')); }

}  // namespace

absl::StatusOr<Url> ParseUrl(std::string_view text) {
  if (text.size() > kMaxUrlBytes) return Refuse(text, "it is over 16 KiB");
  if (!IsPlain(text)) return Refuse(text, "it holds spaces, backslashes or control bytes");
  const size_t colon = text.find("://");
  if (colon == std::string_view::npos) return Refuse(text, "it has no scheme (write https://...)");
  Url url;
  url.scheme = std::string(text.substr(0, colon));
  absl::AsciiStrToLower(&url.scheme);
  if (url.scheme != "http" && url.scheme != "https") {
    return Refuse(text, "only http and https are spoken");
  }
  const std::string_view rest = WithoutFragment(text.substr(colon + 3));
  const size_t end = std::min(rest.find_first_of("/?"), rest.size());
  if (const absl::Status status = ReadAuthority(rest.substr(0, end), text, url); !status.ok()) {
    return status;
  }
  url.target = std::string(rest.substr(end));
  if (url.target.empty() || url.target.front() != '/') url.target.insert(0, "/");
  return url;
}

std::string Origin(const Url& url) {
  if (url.port == DefaultPort(url.scheme)) return absl::StrFormat("%s://%s", url.scheme, url.host);
  return absl::StrFormat("%s://%s:%d", url.scheme, url.host, url.port);
}

std::string FormatUrl(const Url& url) { return Origin(url) + url.target; }

bool SameOrigin(const Url& a, const Url& b) {
  return a.scheme == b.scheme && a.host == b.host && a.port == b.port;
}

absl::StatusOr<Url> ResolveUrl(const Url& base, std::string_view reference) {
  const std::string text(WithoutFragment(reference));
  const size_t scheme_end = text.find("://");
  if (scheme_end != std::string::npos && text.find_first_of("/?") > scheme_end) {
    return ParseUrl(text);
  }
  if (text.substr(0, 2) == "//") return ParseUrl(base.scheme + ":" + text);
  if (!text.empty() && text.front() == '/') return ParseUrl(Origin(base) + text);
  const std::string path = base.target.substr(0, base.target.find('?'));
  if (text.empty()) return ParseUrl(Origin(base) + base.target);
  if (text.front() == '?') return ParseUrl(Origin(base) + path + text);
  return ParseUrl(Origin(base) + path.substr(0, path.rfind('/') + 1) + text);
}

std::string PercentEncode(std::string_view text, std::string_view keep) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (IsUnreserved(c) || keep.find(c) != std::string_view::npos) {
      out.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out.push_back('%');
    out.push_back(kDigits[byte >> 4]);
    out.push_back(kDigits[byte & 15]);
  }
  return out;
}

std::string WithParameter(std::string_view target, std::string_view name, std::string_view value) {
  const std::string assigned = absl::StrFormat("%s=%s", name, value);
  const size_t query = target.find('?');
  if (query == std::string_view::npos) return absl::StrFormat("%s?%s", target, assigned);
  for (size_t at = query + 1; at < target.size();) {
    const size_t end = std::min(target.find('&', at), target.size());
    const std::string_view one = target.substr(at, end - at);
    if (one.substr(0, one.find('=')) == name) {
      return absl::StrFormat("%s%s%s", target.substr(0, at), assigned, target.substr(end));
    }
    at = end + 1;
  }
  return absl::StrFormat("%s&%s", target, assigned);
}

}  // namespace modelwatch::common
