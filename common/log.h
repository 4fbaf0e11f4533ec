// SPDX-License-Identifier: Apache-2.0
// Log: one line an event, `event key=value ...`, to standard error.
//
//   LogInfo("crawl.page", {{"hub", hub}, {"rows", Str(rows)}});
//
// error: a person must act; warning: will be retried; info: state changed. No bodies, no tokens.
// spdlog stays behind this header: its own costs seconds of compile time a file.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace modelwatch::common {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

struct LogField {
  std::string_view key;
  std::string value;  // quoted in the output when it holds anything but plain characters
};

// Lines below `level` are dropped. Call once at start; default kInfo. Thread-safe afterwards.
void SetLogLevel(LogLevel level);

void Log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});

inline void LogDebug(std::string_view event, std::initializer_list<LogField> fields = {}) {
  Log(LogLevel::kDebug, event, fields);
}
inline void LogInfo(std::string_view event, std::initializer_list<LogField> fields = {}) {
  Log(LogLevel::kInfo, event, fields);
}
inline void LogWarning(std::string_view event, std::initializer_list<LogField> fields = {}) {
  Log(LogLevel::kWarning, event, fields);
}
inline void LogError(std::string_view event, std::initializer_list<LogField> fields = {}) {
  Log(LogLevel::kError, event, fields);
}

template <typename Number>
std::string Str(Number number) {
  return std::to_string(number);
}

// One line of at most `max_bytes`: control bytes and invalid UTF-8 become '?', so that text from a
// hub cannot break a log line or a terminal.
[[nodiscard]] std::string OneLine(std::string_view text, size_t max_bytes = 300);

}  // namespace modelwatch::common
