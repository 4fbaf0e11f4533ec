// SPDX-License-Identifier: Apache-2.0
// Sink: where a raised alert is told, beside the log of the index.
#pragma once

#include <ostream>
#include <string>

#include "common/mutex.h"
#include "modelwatch/v1/alert.pb.h"

namespace modelwatch::evaluator {

// Told once for every alert, after it is stored; not told again after a crash in between. The log
// of the index is the truth (`modelwatch alerts --follow` resumes there); a sink is for watching
// along. Implementations are thread-safe and return quickly.
class Sink {
 public:
  virtual ~Sink() = default;
  // `alert.sequence` and times are set.
  virtual void Tell(const v1::Alert& alert) = 0;
};

// One log line an alert: `alert sequence=.. severity=.. release=.. title=..`.
class LogSink final : public Sink {
 public:
  void Tell(const v1::Alert& alert) override;
};

// One line an alert on a stream, standard output as a rule: a sentence for a person, or the JSON
// that `modelwatch alerts --format json` prints. Flushed after each.
class StreamSink final : public Sink {
 public:
  enum class Format { kText, kJson };
  // `out` must outlive this, and nobody else may write to it meanwhile.
  StreamSink(std::ostream& out, Format format) : out_(out), format_(format) {}
  void Tell(const v1::Alert& alert) override;

 private:
  common::Mutex mutex_;
  std::ostream& out_ ABSL_GUARDED_BY(mutex_);
  const Format format_;
};

// "2026-08-19 WARNING acme/model: title", control characters taken out: what StreamSink prints.
[[nodiscard]] std::string AlertLine(const v1::Alert& alert);

}  // namespace modelwatch::evaluator
