// SPDX-License-Identifier: Apache-2.0
// Metrics: counters, gauges and histograms by name and labels, in Prometheus' text format.
//
// Labels are bounded: hub, stage, code; never a release's name. prometheus-cpp stays in the .cc
// file.
#pragma once

#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace modelwatch::common {

// Names end in _total for counters and carry their unit, e.g. modelwatch_crawl_pages_total,
// modelwatch_commit_seconds. Thread-safe. Made once by main and passed to the daemons.
class Metrics {
 public:
  using Labels = std::map<std::string, std::string>;

  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // Adds to a counter, made at first use. `help` is taken from the first call for a name.
  void Count(std::string_view name, std::string_view help, const Labels& labels = {},
             double by = 1);
  void Set(std::string_view name, std::string_view help, double value, const Labels& labels = {});
  // Buckets are fixed: 1 ms to 65 s, doubling.
  void Observe(std::string_view name, std::string_view help, double seconds,
               const Labels& labels = {});

  // Everything, in the text exposition format 0.0.4.
  [[nodiscard]] std::string Text() const;

 private:
  struct Registry;
  std::unique_ptr<Registry> registry_;
};

}  // namespace modelwatch::common
