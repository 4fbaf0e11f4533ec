// SPDX-License-Identifier: Apache-2.0
#include "common/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "common/mutex.h"

namespace modelwatch::common {

struct Metrics::Registry {
  prometheus::Registry registry;
  Mutex mutex;
  std::map<std::string, prometheus::Family<prometheus::Counter>*, std::less<>> counters
      ABSL_GUARDED_BY(mutex);
  std::map<std::string, prometheus::Family<prometheus::Gauge>*, std::less<>> gauges
      ABSL_GUARDED_BY(mutex);
  std::map<std::string, prometheus::Family<prometheus::Histogram>*, std::less<>> histograms
      ABSL_GUARDED_BY(mutex);
};

namespace {

// The family of this name, made with `build` at first use.
template <typename Families, typename Build>
auto& FamilyOf(Families& families, std::string_view name, std::string_view help,
               prometheus::Registry& registry, Build build) {
  auto found = families.find(name);
  if (found == families.end()) {
    auto& family = build().Name(std::string(name)).Help(std::string(help)).Register(registry);
    found = families.emplace(std::string(name), &family).first;
  }
  return *found->second;
}

const prometheus::Histogram::BucketBoundaries& SecondsBuckets() {
  static const auto* const buckets = [] {
    auto* made = new prometheus::Histogram::BucketBoundaries;
    for (double bound = 0.001; bound < 66; bound *= 2) made->push_back(bound);
    return made;
  }();
  return *buckets;
}

}  // namespace

Metrics::Metrics() : registry_(std::make_unique<Registry>()) {}
Metrics::~Metrics() = default;

void Metrics::Count(std::string_view name, std::string_view help, const Labels& labels, double by) {
  MutexLock lock(registry_->mutex);
  FamilyOf(registry_->counters, name, help, registry_->registry, prometheus::BuildCounter)
      .Add(labels)
      .Increment(by);
}

void Metrics::Set(std::string_view name, std::string_view help, double value,
                  const Labels& labels) {
  MutexLock lock(registry_->mutex);
  FamilyOf(registry_->gauges, name, help, registry_->registry, prometheus::BuildGauge)
      .Add(labels)
      .Set(value);
}

void Metrics::Observe(std::string_view name, std::string_view help, double seconds,
                      const Labels& labels) {
  MutexLock lock(registry_->mutex);
  FamilyOf(registry_->histograms, name, help, registry_->registry, prometheus::BuildHistogram)
      .Add(labels, SecondsBuckets())
      .Observe(seconds);
}

std::string Metrics::Text() const {
  return prometheus::TextSerializer().Serialize(registry_->registry.Collect());
}

}  // namespace modelwatch::common
