// SPDX-License-Identifier: Apache-2.0
// A fake index with releases that change, and an evaluator over it.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "common/digest.h"
#include "evaluator/evaluator.h"
#include "testing/fake_clock.h"
#include "testing/fake_index.h"
#include "testing/status_matchers.h"

namespace modelwatch::evaluator {

inline constexpr int64_t kHourUs = int64_t{3600} * 1000 * 1000;
inline constexpr int64_t kWorldStartUs = int64_t{1'690'000'000} * 1000 * 1000;

// What a release looked like at an hour of hub time.
struct Sight {
  std::string name;
  int hour = 0;
  std::string tag = "mit";
  v1::Gate gate = v1::OPEN;
  v1::Presence presence = v1::PRESENT;
  std::string base{};
  int created_hour = -1000;
};

class SmallWorld : public ::testing::Test {
 protected:
  SmallWorld() : index_(clock_) {
    v1::DeclareHubRequest hub;
    hub.set_hub("huggingface");
    EXPECT_OK(index_.DeclareHub(hub));
  }

  void Put(const std::vector<Sight>& sights) {
    for (const Sight& sight : sights) {
      v1::PutBatchRequest request;
      v1::Observation& seen = *request.add_items()->mutable_observation();
      seen.mutable_key()->set_hub("huggingface");
      seen.mutable_key()->set_id(common::GitBlobOid(sight.name).substr(0, 24));
      seen.set_name(sight.name);
      seen.set_observed_at_us(kWorldStartUs + sight.hour * kHourUs);
      seen.set_created_at_us(kWorldStartUs + sight.created_hour * kHourUs);
      seen.set_revision(common::GitBlobOid(sight.name + std::to_string(sight.hour)));
      seen.mutable_access()->set_presence(sight.presence);
      seen.mutable_access()->set_gate(sight.gate);
      seen.mutable_declared()->add_tag_licences(sight.tag);
      if (!sight.base.empty()) {
        seen.mutable_declared()->add_base_models()->set_name(sight.base);
        seen.mutable_declared()->mutable_base_models(0)->set_relation("finetune");
      }
      ASSERT_OK(index_.PutBatch(request));
    }
  }

  void Evaluate() {
    Evaluator evaluator(Options(), index_, nullptr, metrics_, nullptr, clock_);
    ASSERT_OK(evaluator.RunOnce(stopper_));
  }
  static EvaluatorOptions Options() {
    EvaluatorOptions options;
    options.first_backoff = absl::ZeroDuration();
    options.idle_pause = absl::Milliseconds(1);
    return options;
  }

  std::vector<v1::Alert> Alerts() {
    std::vector<v1::Alert> alerts;
    for (const v1::LogEntry& entry : index_.Entries()) {
      if (entry.has_alert()) alerts.push_back(entry.alert());
    }
    return alerts;
  }
  std::vector<v1::Assessment> Assessments() {
    std::vector<v1::Assessment> assessments;
    for (const v1::LogEntry& entry : index_.Entries()) {
      if (entry.has_assessment()) assessments.push_back(entry.assessment());
    }
    return assessments;
  }

  testing::FakeClock clock_;
  testing::FakeIndex index_;
  common::Metrics metrics_;
  common::Stopper stopper_;
};

}  // namespace modelwatch::evaluator
