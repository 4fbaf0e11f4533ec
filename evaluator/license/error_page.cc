// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/error_page.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_format.h"

namespace modelwatch::evaluator {
namespace {

// A page with more words than this says something of its own. The longest error page looked at
// (a forge's 404 with menu and footer) has 260.
constexpr size_t kMaxPageWords = 400;
// Beyond this a bare message is a document.
constexpr size_t kMaxMessageBytes = 1024;
constexpr size_t kMaxTitleBytes = 200;

// What error and log-in pages say in their title or first words. In lower case.
constexpr std::array<std::string_view, 34> kErrorSigns = {"not found",
                                                          "404",
                                                          "forbidden",
                                                          "403 ",
                                                          "access denied",
                                                          "unauthorized",
                                                          "unauthorised",
                                                          "401 ",
                                                          "log in",
                                                          "login",
                                                          "sign in",
                                                          "signin",
                                                          "sign up",
                                                          "error",
                                                          "bad gateway",
                                                          "502 ",
                                                          "unavailable",
                                                          "503 ",
                                                          "too many requests",
                                                          "429 ",
                                                          "rate limit",
                                                          "just a moment",
                                                          "captcha",
                                                          "are you a robot",
                                                          "access is restricted",
                                                          "must be authenticated",
                                                          "does not exist",
                                                          "no longer available",
                                                          "permission denied",
                                                          "bad request",
                                                          "timed out",
                                                          "redirecting",
                                                          "moved permanently",
                                                          "enable javascript"};

// Words that licences are made of and error pages are not.
constexpr std::array<std::string_view, 12> kLicenceWords = {
    "hereby",   "granted",  "redistribut", "warrant",       "licensor",         "licensee",
    "liabilit", "sublicen", "derivative",  "permission is", "copyright holder", "licensed under"};

char Lower(char c) { return absl::ascii_tolower(static_cast<unsigned char>(c)); }
bool IsSpace(char c) { return absl::ascii_isspace(static_cast<unsigned char>(c)); }

// True when `text` at `at` reads `word`, which is in lower case.
bool ReadsAt(std::string_view text, size_t at, std::string_view word) {
  if (text.size() - at < word.size()) return false;
  for (size_t i = 0; i < word.size(); ++i) {
    if (Lower(text[at + i]) != word[i]) return false;
  }
  return true;
}

size_t FindLower(std::string_view text, std::string_view word, size_t from) {
  for (size_t at = from; at + word.size() <= text.size(); ++at) {
    if (ReadsAt(text, at, word)) return at;
  }
  return std::string_view::npos;
}

size_t SkipSpace(std::string_view text, size_t at) {
  while (at < text.size() && IsSpace(text[at])) ++at;
  return at;
}

// Past white space, comments and an XML declaration.
size_t SkipPrologue(std::string_view text) {
  size_t at = SkipSpace(text, 0);
  while (ReadsAt(text, at, "<!--") || ReadsAt(text, at, "<?xml")) {
    const std::string_view close = text[at + 1] == '!' ? "-->" : "?>";
    const size_t end = text.find(close, at);
    if (end == std::string_view::npos) return text.size();
    at = SkipSpace(text, end + close.size());
  }
  return at;
}

struct Element {
  std::string_view open, close;
};

// Whose content no reader sees.
constexpr std::array<Element, 5> kUnseen = {{{"<!--", "-->"},
                                             {"<script", "</script"},
                                             {"<style", "</style"},
                                             {"<svg", "</svg"},
                                             {"<template", "</template"}}};

// The words of a page in lower case, one blank between two.
class Page {
 public:
  // Stops after kMaxPageWords words.
  explicit Page(std::string_view html) {
    for (size_t at = 0; at < html.size() && words_ <= kMaxPageWords;) {
      at = html[at] == '<' ? AfterTag(html, at) : Put(html, at);
    }
  }

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] const std::string& title() const { return title_; }
  [[nodiscard]] bool is_long() const { return words_ > kMaxPageWords; }

 private:
  size_t AfterTag(std::string_view html, size_t at) {
    Separate();
    for (const Element& element : kUnseen) {
      if (!ReadsAt(html, at, element.open)) continue;
      at = FindLower(html, element.close, at);
      if (at == std::string_view::npos) return html.size();
    }
    const size_t end = html.find('>', at);
    const size_t after = end == std::string_view::npos ? html.size() : end + 1;
    if (ReadsAt(html, at, "<title")) ReadTitle(html, after);
    return after;
  }

  void ReadTitle(std::string_view html, size_t at) {
    const std::string_view rest = html.substr(at, kMaxTitleBytes);
    const std::string_view title = rest.substr(0, rest.find('<'));
    if (!title_.empty()) return;
    for (const char c : title) {
      if (!IsSpace(c)) {
        title_ += c;
      } else if (!title_.empty() && title_.back() != ' ') {
        title_ += ' ';
      }
    }
    while (!title_.empty() && title_.back() == ' ') title_.pop_back();
  }

  size_t Put(std::string_view html, size_t at) {
    if (IsSpace(html[at])) {
      Separate();
    } else {
      if (text_.empty() || text_.back() == ' ') ++words_;
      text_ += Lower(html[at]);
    }
    return at + 1;
  }

  void Separate() {
    if (!text_.empty() && text_.back() != ' ') text_ += ' ';
  }

  std::string text_;
  std::string title_;
  size_t words_ = 0;
};

bool HasErrorSign(std::string_view lower) {
  return std::any_of(kErrorSigns.begin(), kErrorSigns.end(), [lower](std::string_view sign) {
    return lower.find(sign) != std::string_view::npos;
  });
}

bool HasLicenceWords(std::string_view lower) {
  return std::any_of(kLicenceWords.begin(), kLicenceWords.end(), [lower](std::string_view word) {
    return lower.find(word) != std::string_view::npos;
  });
}

std::string HtmlReason(std::string_view html) {
  const Page page(html);
  if (page.is_long() || HasLicenceWords(page.text())) return {};
  constexpr size_t kFirstBytes = 400;
  const std::string title = absl::AsciiStrToLower(page.title());
  const bool names_a_licence = page.text().find("licen") != std::string::npos;
  const bool begins_with_error = HasErrorSign(page.text().substr(0, kFirstBytes));
  if (!HasErrorSign(title) && (names_a_licence || !begins_with_error)) return {};
  if (page.title().empty()) return "an HTML error page, not a text";
  return absl::StrFormat("an HTML error page titled '%s', not a text", page.title());
}

// Bare answers of servers: "Entry not found", {"error":"..."}, <Error><Code>AccessDenied</Code>.
std::string MessageReason(std::string_view text) {
  if (text.size() > kMaxMessageBytes) return {};
  const std::string lower = absl::AsciiStrToLower(std::string(text));
  const std::string_view message(lower.data(), lower.find_last_not_of(" \t\r\n\f\v") + 1);
  constexpr std::array<std::string_view, 7> kHeads = {
      "404: not found", "404 not found", "not found",           "entry not found",
      "{\"error\"",     "<error>",       "repository not found"};
  constexpr std::string_view kGate = "access to model ";
  const bool is_gate = message.substr(0, kGate.size()) == kGate &&
                       message.find("restricted") != std::string_view::npos;
  const bool is_message =
      std::any_of(kHeads.begin(), kHeads.end(), [&message](std::string_view head) {
        const bool is_sentence = head.front() != '{' && head.front() != '<';
        return is_sentence ? message == head : message.substr(0, head.size()) == head;
      });
  if (!(is_gate || is_message) || HasLicenceWords(lower)) return {};
  return "the message of a server that did not give the file, not a text";
}

}  // namespace

std::string ErrorPageReason(std::string_view text) {
  const size_t at = SkipPrologue(text);
  const std::string_view rest = text.substr(at);
  if (ReadsAt(rest, 0, "<!doctype html") || ReadsAt(rest, 0, "<html")) return HtmlReason(rest);
  return MessageReason(rest);
}

}  // namespace modelwatch::evaluator
