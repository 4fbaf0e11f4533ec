// SPDX-License-Identifier: Apache-2.0
#include "crawler/documents/html_text.h"

#include <libxml/HTMLparser.h>

#include <algorithm>
#include <memory>
#include <string>

#include "absl/strings/ascii.h"
#include "crawler/documents/wide_tags.h"
#include "proto/validate.h"

namespace modelwatch::crawler {
namespace {

// libxml2 looks for the start of every end tag among all open elements.
constexpr size_t kMaxDepth = 512;
constexpr size_t kMaxHrefBytes = 2048;
constexpr size_t kMaxTitleBytes = 512;
constexpr size_t kMaxLinkWords = 256;
// A <main> of fewer bytes holds a spinner, and the text stands elsewhere.
constexpr size_t kLeastMainBytes = 200;

constexpr std::string_view kSkipped[] = {"script", "style",  "template", "noscript", "svg",
                                         "nav",    "footer", "aside",    "select",   "button",
                                         "iframe", "object", "textarea", "dialog"};
constexpr std::string_view kParagraphs[] = {
    "p",  "h1",  "h2",    "h3", "h4",   "h5",      "h6",      "ul",         "ol",
    "dl", "pre", "table", "hr", "main", "article", "section", "blockquote", "header"};
constexpr std::string_view kLines[] = {"br", "li", "div",        "tr",
                                       "dt", "dd", "figcaption", "address"};

template <size_t kCount>
bool IsOneOf(std::string_view name, const std::string_view (&names)[kCount]) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

bool IsMain(std::string_view name) { return name == "main" || name == "article"; }

std::string_view View(const xmlChar* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

// Puts the words of a page together while libxml2 goes through it.
class PageWriter {
 public:
  explicit PageWriter(xmlParserCtxtPtr parser) : parser_(parser) {}

  void Start(std::string_view name, const xmlChar** attributes) {
    if (++depth_ > kMaxDepth) {
      page_.is_cut = true;
      xmlStopParser(parser_);
      return;
    }
    if (skipped_ > 0 || IsOneOf(name, kSkipped)) {
      ++skipped_;
      return;
    }
    if (name == "title") in_title_ = true;
    if (name == "pre") ++pre_;
    Break(name);
    if (IsMain(name) && main_++ == 0) main_start_ = page_.text.size();
    if (name == "a") OpenLink(attributes);
  }

  void End(std::string_view name) {
    if (depth_ > 0) --depth_;
    if (skipped_ > 0) {
      --skipped_;
      return;
    }
    if (name == "title") in_title_ = false;
    if (name == "pre" && pre_ > 0) --pre_;
    if (name == "td" || name == "th") is_space_due_ = true;
    if (name == "a") CloseLink();
    if (IsMain(name) && main_ > 0 && --main_ == 0) CloseMain();
    Break(name);
  }

  void Characters(std::string_view text) {
    if (skipped_ > 0) return;
    if (in_title_) {
      if (page_.title.size() < kMaxTitleBytes) page_.title.append(text);
      return;
    }
    for (const char c : text) Put(c);
  }

  HtmlText Finish() {
    if (main_ > 0) CloseMain();
    if (main_text_.size() >= kLeastMainBytes) page_.text = std::move(main_text_);
    const auto tidy = [](std::string& text) {
      absl::StripAsciiWhitespace(&text);
      text = proto::ToValidUtf8(text);
    };
    tidy(page_.text);
    if (!page_.text.empty()) page_.text += '\n';
    absl::RemoveExtraAsciiWhitespace(&page_.title);
    tidy(page_.title);
    for (PageLink& link : page_.links) {
      tidy(link.href);
      absl::RemoveExtraAsciiWhitespace(&link.words);
      tidy(link.words);
    }
    return std::move(page_);
  }

 private:
  void Break(std::string_view name) {
    if (IsOneOf(name, kParagraphs)) lines_due_ = std::max(lines_due_, 2);
    if (name == "br" && pre_ > 0) {
      page_.text += '\n';
      return;
    }
    if (IsOneOf(name, kLines)) lines_due_ = std::max(lines_due_, 1);
  }

  void Put(char c) {
    const bool is_blank = absl::ascii_isspace(static_cast<unsigned char>(c));
    if (is_blank && (pre_ == 0 || lines_due_ > 0)) {
      is_space_due_ = true;
      return;
    }
    std::string& text = page_.text;
    if (lines_due_ > 0) {
      if (!text.empty()) text.append(static_cast<size_t>(lines_due_), '\n');
    } else if (is_space_due_ && !text.empty() && text.back() != '\n') {
      text += ' ';
    }
    lines_due_ = 0;
    is_space_due_ = false;
    text += c;
  }

  void OpenLink(const xmlChar** attributes) {
    for (; attributes != nullptr && attributes[0] != nullptr; attributes += 2) {
      if (View(attributes[0]) == "href") href_ = View(attributes[1]).substr(0, kMaxHrefBytes);
    }
    link_start_ = page_.text.size();
  }

  void CloseLink() {
    if (!href_.empty() && page_.links.size() < kMaxLinks) {
      const size_t start = std::min(link_start_, page_.text.size());
      page_.links.push_back({std::move(href_), page_.text.substr(start, kMaxLinkWords)});
    }
    href_.clear();
  }

  void CloseMain() {
    main_text_ += page_.text.substr(std::min(main_start_, page_.text.size()));
    main_text_ += "\n\n";
    main_ = 0;
  }

  xmlParserCtxtPtr parser_;
  HtmlText page_;
  std::string main_text_;
  std::string href_;
  size_t depth_ = 0;
  size_t skipped_ = 0;  // open elements from the skipped one on
  size_t pre_ = 0;
  size_t main_ = 0;
  size_t main_start_ = 0;
  size_t link_start_ = 0;
  int lines_due_ = 0;
  bool is_space_due_ = false;
  bool in_title_ = false;
};

PageWriter& WriterOf(void* context) { return *static_cast<PageWriter*>(context); }

void OnStart(void* context, const xmlChar* name, const xmlChar** attributes) {
  WriterOf(context).Start(View(name), attributes);
}

void OnEnd(void* context, const xmlChar* name) { WriterOf(context).End(View(name)); }

void OnCharacters(void* context, const xmlChar* text, int size) {
  WriterOf(context).Characters(View(text).substr(0, static_cast<size_t>(size)));
}

struct ParserDeleter {
  void operator()(xmlParserCtxtPtr parser) const { htmlFreeParserCtxt(parser); }
};

}  // namespace

bool LooksLikeHtml(std::string_view bytes) {
  constexpr size_t kLookedAt = 256;
  constexpr std::string_view kStarts[] = {"<!doctype html", "<html",  "<head", "<body",
                                          "<!--",           "<title", "<meta"};
  std::string start(bytes.substr(0, kLookedAt));
  absl::AsciiStrToLower(&start);
  if (start.rfind("\xEF\xBB\xBF", 0) == 0) start.erase(0, 3);
  start.erase(0, std::min(start.find_first_not_of(" \t\r\n"), start.size()));
  return std::any_of(std::begin(kStarts), std::end(kStarts),
                     [&start](std::string_view each) { return start.rfind(each, 0) == 0; });
}

HtmlText ReadHtml(std::string_view html, std::string_view charset) {
  const bool is_large = html.size() > kMaxHtmlBytes;
  const std::string page = WithoutWideTags(html.substr(0, kMaxHtmlBytes));
  const bool is_utf8 = !is_large && proto::ToValidUtf8(page) == page;
  const std::string encoding = is_utf8 ? "UTF-8" : std::string(charset);
  const std::unique_ptr<xmlParserCtxt, ParserDeleter> parser(htmlNewParserCtxt());
  PageWriter writer(parser.get());
  xmlSAXHandler handler = {};
  handler.startElement = OnStart;
  handler.endElement = OnEnd;
  handler.characters = OnCharacters;
  handler.ignorableWhitespace = OnCharacters;
  *parser->sax = handler;
  parser->userData = &writer;
  htmlCtxtReadMemory(parser.get(), page.data(), static_cast<int>(page.size()), nullptr,
                     encoding.empty() ? nullptr : encoding.c_str(),
                     HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                         HTML_PARSE_NONET | HTML_PARSE_NODEFDTD | HTML_PARSE_NOIMPLIED);
  HtmlText text = writer.Finish();
  text.is_cut = text.is_cut || is_large || (page.empty() && !html.empty());
  return text;
}

}  // namespace modelwatch::crawler
