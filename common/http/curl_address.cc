// SPDX-License-Identifier: Apache-2.0
#include "common/http/curl_address.h"

#include <curl/curl.h>

#include <algorithm>

#include "absl/strings/ascii.h"

namespace modelwatch::common {
namespace {

constexpr size_t kLongestOrigin = 300;

// Stays as it is in a path or a query, whoever reads it. Neither '%', of which curl changes the
// letters after it, nor '#', '\\' and '@'.
bool IsPlain(char c) {
  constexpr std::string_view kMarks = "-._~/=&+,:;!$'()*[]?";
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
         kMarks.find(c) != std::string_view::npos;
}

bool IsPlain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return IsPlain(c); });
}

// "http://host:port"; "" when there is more to it than that.
std::string_view OriginOf(std::string_view url) {
  const size_t scheme = url.find("://");
  if (scheme == std::string_view::npos || !IsPlain(url)) return "";
  const std::string_view origin = url.substr(0, url.find_first_of("/?", scheme + 3));
  return origin.size() > kLongestOrigin ? "" : origin;
}

}  // namespace

CurlAddress::CurlAddress() : parsed_(curl_url()) {}

CurlAddress::~CurlAddress() { curl_url_cleanup(parsed_); }

Curl_URL* CurlAddress::Set(const std::string& url) {
  const std::string_view view = url;
  if (!origin_.empty() && view.substr(0, origin_.size()) == origin_ &&
      SetTarget(view.substr(origin_.size()))) {
    return parsed_;
  }
  origin_.clear();
  constexpr unsigned kAsCurlReads = CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME;
  if (curl_url_set(parsed_, CURLUPART_URL, url.c_str(), kAsCurlReads) != CURLUE_OK) return nullptr;
  origin_ = OriginOf(url);
  return parsed_;
}

// False, and nothing promised of what it holds, unless the target is one that curl takes as it is.
bool CurlAddress::SetTarget(std::string_view target) {
  if (target.empty() || target[0] != '/' || !IsPlain(target)) return false;
  const size_t mark = target.find('?');
  const std::string path(target.substr(0, mark));
  const std::string query(mark == std::string_view::npos ? "" : target.substr(mark + 1));
  const bool has_dots = path.find("/.") != std::string::npos;  // which curl resolves
  if (has_dots || (mark != std::string_view::npos && query.empty())) return false;
  return curl_url_set(parsed_, CURLUPART_PATH, path.c_str(), 0) == CURLUE_OK &&
         curl_url_set(parsed_, CURLUPART_QUERY, query.empty() ? nullptr : query.c_str(), 0) ==
             CURLUE_OK;
}

}  // namespace modelwatch::common
