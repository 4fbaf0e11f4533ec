// SPDX-License-Identifier: Apache-2.0
#include "crawler/documents/document.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "crawler/documents/pointer.h"
#include "crawler/documents/terms_link.h"

namespace modelwatch::crawler {
namespace {

constexpr size_t kLookedAt = 4096;
// A page of fewer bytes says that something went wrong, or that a script would say more.
constexpr size_t kLeastPageBytes = 40;

std::string CharsetOf(std::string_view content_type) {
  std::string type(content_type);
  absl::AsciiStrToLower(&type);
  const size_t at = type.find("charset=");
  if (at == std::string::npos) return "";
  const size_t start = type.find_first_not_of("\"' ", at + 8);
  if (start == std::string::npos) return "";
  return type.substr(start, type.find_first_of("\"'; ", start) - start);
}

bool IsPage(std::string_view bytes, std::string_view content_type) {
  std::string type(content_type);
  absl::AsciiStrToLower(&type);
  return LooksLikeHtml(bytes) || type.find("html") != std::string::npos;
}

// UTF-16 apart, no text holds a zero byte.
bool IsText(std::string_view bytes) {
  const std::string_view start = bytes.substr(0, kLookedAt);
  const std::string_view mark = start.substr(0, 2);
  return mark == "\xFF\xFE" || mark == "\xFE\xFF" || start.find('\0') == std::string_view::npos;
}

}  // namespace

absl::StatusOr<Document> ReadDocument(std::string_view bytes, std::string_view content_type,
                                      const common::Url& address) {
  if (ParsePointer(bytes).has_value()) {
    return absl::InvalidArgumentError("a pointer to a content that is kept elsewhere");
  }
  if (bytes.substr(0, 5) == "%PDF-") return absl::InvalidArgumentError("a PDF, which is not read");
  if (!IsText(bytes)) return absl::InvalidArgumentError("neither a text nor a page");
  Document document;
  std::vector<PageLink> links;
  if (IsPage(bytes, content_type)) {
    HtmlText page = ReadHtml(bytes, CharsetOf(content_type));
    if (page.text.size() < kLeastPageBytes) {
      return absl::InvalidArgumentError("a page without words (does a script write them?)");
    }
    document.text = std::move(page.text);
    links = std::move(page.links);
  } else {
    document.text = std::string(bytes);
  }
  document.policies = PolicyAddresses(document.text, links, address);
  return document;
}

}  // namespace modelwatch::crawler
