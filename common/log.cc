// SPDX-License-Identifier: Apache-2.0
#include "common/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>

namespace modelwatch::common {
namespace {

spdlog::logger& Logger() {
  static spdlog::logger* const logger = [] {
    auto* made =
        new spdlog::logger("modelwatch", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
    made->flush_on(spdlog::level::info);
    return made;
  }();
  return *logger;
}

spdlog::level::level_enum ToSpdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-_./:+@,%").find(c) != std::string_view::npos;
}

// Length that a UTF-8 lead byte announces, 0 when it is not one.
size_t AnnouncedLength(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  return lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
}

// Range of the second byte: overlong forms, surrogates and values over U+10FFFF are not UTF-8.
// Source: Unicode 15, table 3-7.
bool MayFollow(unsigned char lead, unsigned char second) {
  const unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  return second >= low && second <= high;
}

// Length of the UTF-8 sequence that starts at `at`, 0 when it is not one.
size_t SequenceLength(std::string_view text, size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const size_t length = AnnouncedLength(lead);
  if (length == 0 || at + length > text.size()) return 0;
  if (length > 1 && !MayFollow(lead, static_cast<unsigned char>(text[at + 1]))) return 0;
  for (size_t i = 2; i < length; ++i) {
    if ((static_cast<unsigned char>(text[at + i]) & 0xC0) != 0x80) return 0;
  }
  return length;
}

}  // namespace

void SetLogLevel(LogLevel level) { Logger().set_level(ToSpdlog(level)); }

void Log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  if (!Logger().should_log(ToSpdlog(level))) return;
  std::string line(event);
  for (const LogField& field : fields) {
    line.append(" ").append(field.key).append("=");
    const std::string value = OneLine(field.value);
    if (!value.empty() && std::all_of(value.begin(), value.end(), IsPlain)) {
      line.append(value);
      continue;
    }
    line.push_back('"');
    for (const char c : value) line.push_back(c == '"' ? '\'' : c);
    line.push_back('"');
  }
  Logger().log(ToSpdlog(level), spdlog::string_view_t(line.data(), line.size()));
}

std::string OneLine(std::string_view text, size_t max_bytes) {
  std::string out;
  for (size_t at = 0; at < text.size() && out.size() < max_bytes;) {
    const size_t length = SequenceLength(text, at);
    const auto lead = static_cast<unsigned char>(text[at]);
    if (length == 0 || (length == 1 && (lead < 0x20 || lead == 0x7F))) {
      out.push_back(lead == '\n' || lead == '\t' || lead == '\r' ? ' ' : '?');
      ++at;
      continue;
    }
    if (out.size() + length > max_bytes) break;
    out.append(text.substr(at, length));
    at += length;
  }
  return out;
}

}  // namespace modelwatch::common
