// SPDX-License-Identifier: Apache-2.0
#include "evaluator/notify/sink.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "common/clock.h"
#include "common/log.h"
#include "proto/json.h"

namespace modelwatch::evaluator {

std::string AlertLine(const v1::Alert& alert) {
  const std::string day = common::FormatMicros(alert.observed_at_us()).substr(0, 10);
  const std::string severity = absl::AsciiStrToUpper(std::string(proto::Word(alert.severity())));
  // Titles begin with the name as a rule; it is not said twice.
  const bool is_named = alert.title().compare(0, alert.name().size(), alert.name()) == 0;
  const std::string words =
      is_named ? alert.title() : absl::StrFormat("%s: %s", alert.name(), alert.title());
  return common::OneLine(absl::StrFormat("%s %-8s %s", day, severity, words), 1000);
}

void LogSink::Tell(const v1::Alert& alert) {
  common::LogInfo("alert", {{"sequence", common::Str(alert.sequence())},
                            {"severity", std::string(proto::Word(alert.severity()))},
                            {"release", common::OneLine(alert.name())},
                            {"title", common::OneLine(alert.title())}});
}

void StreamSink::Tell(const v1::Alert& alert) {
  const std::string line = format_ == Format::kJson ? proto::AlertJson(alert) : AlertLine(alert);
  common::MutexLock lock(mutex_);
  out_ << line << '\n' << std::flush;
}

}  // namespace modelwatch::evaluator
