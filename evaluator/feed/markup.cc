// SPDX-License-Identifier: Apache-2.0
#include "evaluator/feed/markup.h"

#include <cassert>

#include "absl/strings/str_format.h"
#include "proto/validate.h"

namespace modelwatch::evaluator {
namespace {

struct Decoded {
  uint32_t code = 0;
  size_t length = 1;
};

// REQUIRES: valid UTF-8 at `at`.
Decoded Decode(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const auto tail = [&](size_t i) { return static_cast<uint32_t>(byte(i) & 0x3F); };
  if (byte(0) < 0x80) return {byte(0), 1};
  if (byte(0) < 0xE0) return {static_cast<uint32_t>(byte(0) & 0x1F) << 6 | tail(1), 2};
  if (byte(0) < 0xF0) {
    return {static_cast<uint32_t>(byte(0) & 0x0F) << 12 | tail(1) << 6 | tail(2), 3};
  }
  return {static_cast<uint32_t>(byte(0) & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3), 4};
}

// Code points that change how other text is shown while showing nothing themselves. U+200C and
// U+200D are left: Persian, Indic scripts and emoji need them.
// Source: Unicode TR 36 and TR 39 (2025), UAX 9 for the bidirectional ones.
bool IsHidden(uint32_t code) {
  if (code < 0x20) return code != '\n' && code != '\t';
  return (code >= 0x7F && code <= 0x9F) || code == 0xAD || code == 0x61C || code == 0x180E ||
         code == 0x200B || code == 0x200E || code == 0x200F || (code >= 0x2028 && code <= 0x202E) ||
         (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF ||
         (code >= 0xFFF9 && code <= 0xFFFB) || (code >= 0xE0000 && code <= 0xE007F);
}

std::string Encode(std::string_view text, std::string_view kept) {
  std::string out;
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || kept.find(c) != std::string_view::npos;
    if (is_plain) {
      out += c;
    } else {
      out += absl::StrFormat("%%%02X", static_cast<unsigned char>(c));
    }
  }
  return out;
}

}  // namespace

std::string Escape(std::string_view text) {
  const std::string valid = proto::ToValidUtf8(text);
  std::string out;
  out.reserve(valid.size() + valid.size() / 16);
  for (size_t at = 0; at < valid.size();) {
    const Decoded one = Decode(valid, at);
    switch (one.code) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      case '\r':
        break;  // line ends of texts from other systems
      default:
        if (IsHidden(one.code)) {
          out += absl::StrFormat("[U+%04X]", one.code);
        } else if ((one.code & 0xFFFE) == 0xFFFE) {
          out += "\xEF\xBF\xBD";
        } else {
          out.append(valid, at, one.length);
        }
    }
    at += one.length;
  }
  return out;
}

std::string UrlEncode(std::string_view text) { return Encode(text, "-._~"); }
std::string UrlEncodePath(std::string_view path) { return Encode(path, "-._~/"); }

void Markup::Start(std::string_view tag, Attributes attributes) {
  out_ += '<';
  out_ += tag;
  for (const auto& [name, value] : attributes) {
    if (value.empty()) continue;
    out_ += ' ';
    out_ += name;
    out_ += "=\"";
    out_ += Escape(value);
    out_ += '"';
  }
}

Markup& Markup::Open(std::string_view tag, Attributes attributes) {
  Start(tag, attributes);
  out_ += '>';
  open_.emplace_back(tag);
  return *this;
}

Markup& Markup::Close() {
  assert(!open_.empty());
  out_ += "</";
  out_ += open_.back();
  out_ += '>';
  open_.pop_back();
  return *this;
}

Markup& Markup::Text(std::string_view text) {
  out_ += Escape(text);
  return *this;
}

Markup& Markup::Element(std::string_view tag, Attributes attributes, std::string_view text) {
  return Open(tag, attributes).Text(text).Close();
}

Markup& Markup::Void(std::string_view tag, Attributes attributes) {
  Start(tag, attributes);
  out_ += "/>";
  return *this;
}

Markup& Markup::Literal(std::string_view markup) {
  out_ += markup;
  return *this;
}

std::string Markup::Take() {
  assert(open_.empty());
  return std::move(out_);
}

}  // namespace modelwatch::evaluator
