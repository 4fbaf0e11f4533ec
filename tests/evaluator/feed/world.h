// SPDX-License-Identifier: Apache-2.0
// An index with releases and alerts for tests of the site.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "common/digest.h"
#include "evaluator/feed/site.h"
#include "testing/fake_clock.h"
#include "testing/fake_index.h"
#include "testing/status_matchers.h"

namespace modelwatch::evaluator {

inline constexpr int64_t kHour = int64_t{3600} * 1000 * 1000;
inline constexpr int64_t kSeenAt = int64_t{1'690'000'000} * 1000 * 1000;  // 2023-07-22

// Not thread-safe.
class World {
 public:
  World() : index_(clock_) { options_.config.set_base_url("https://watch.example"); }

  void DeclareHub(const std::string& endpoint, const std::string& label) {
    v1::DeclareHubRequest request;
    request.set_hub("huggingface");
    request.set_endpoint(endpoint);
    request.set_label(label);
    EXPECT_OK(index_.DeclareHub(request));
  }

  // A version of the release whose LICENSE is `text`.
  uint64_t PutVersion(const std::string& name, const std::string& id, const std::string& text) {
    v1::PutBatchRequest request;
    v1::PutItem& item = *request.add_items();
    v1::Observation& seen = *item.mutable_observation();
    seen.mutable_key()->set_hub("huggingface");
    seen.mutable_key()->set_id(id);
    seen.set_name(name);
    seen.set_observed_at_us(kSeenAt + versions_ * kHour);
    seen.set_revision(common::GitBlobOid(absl::StrFormat("%s %d", name, versions_++)));
    seen.mutable_access()->set_presence(v1::PRESENT);
    seen.mutable_access()->set_gate(v1::OPEN);
    v1::File& file = *seen.add_files();
    file.set_path("LICENSE");
    file.set_oid(common::GitBlobOid(text));
    file.set_digest(common::Sha256(text));
    file.set_size(text.size());
    file.set_outcome(v1::FETCHED);
    v1::Blob& blob = *item.add_blobs();
    blob.set_digest(file.digest());
    blob.set_content(text);
    const auto response = index_.PutBatch(request);
    EXPECT_OK(response);
    return response->acks(0).sequence();
  }

  // An alert that commercial use was lost; returns its sequence.
  uint64_t PutAlert(v1::Alert alert) {
    v1::PutAssessmentsRequest request;
    request.set_evaluator("evaluator");
    request.set_cursor(++cursor_);
    v1::Judgement& judgement = *request.add_judgements();
    *judgement.mutable_key() = alert.key();
    *judgement.add_alerts() = std::move(alert);
    const auto response = index_.PutAssessments(request);
    EXPECT_OK(response);
    return response->alert_sequences(0);
  }

  static v1::Alert SampleAlert(const std::string& name, const std::string& id,
                               v1::Severity severity = v1::CRITICAL) {
    v1::Alert alert;
    alert.mutable_key()->set_hub("huggingface");
    alert.mutable_key()->set_id(id);
    alert.set_name(name);
    alert.set_severity(severity);
    alert.set_rule("swap-tighter");
    alert.set_title("Commercial use is no longer free");
    alert.set_observed_at_us(kSeenAt);
    v1::Shift& shift = *alert.mutable_shift();
    shift.set_direction(v1::TIGHTER);
    shift.set_kind(v1::SWAP);
    v1::Move& move = *shift.add_lost();
    move.set_scenario("com_tiny");
    move.mutable_to()->set_low(3);
    move.mutable_to()->set_high(3);
    v1::Because& because = *move.add_because();
    because.set_clause("purpose.noncommercial");
    because.set_path("LICENSE");
    because.set_line(2);
    because.set_text("for non-commercial purposes only");
    alert.mutable_before()->set_licence("MIT");
    alert.mutable_after()->set_licence("CC-BY-NC-4.0");
    for (v1::Evidence* side : {alert.mutable_before(), alert.mutable_after()}) {
      side->set_path("LICENSE");
      side->set_source(v1::LICENCE_FILE_TEXT);
      side->set_revision(std::string(40, 'a'));
    }
    return alert;
  }

  // A swap between two texts that the index keeps.
  uint64_t PutSwap(const std::string& name, const std::string& id, const std::string& then,
                   const std::string& now) {
    v1::Alert alert = SampleAlert(name, id);
    alert.mutable_before()->set_version(PutVersion(name, id, then));
    alert.mutable_after()->set_version(PutVersion(name, id, now));
    alert.mutable_before()->set_digest(common::Sha256(then));
    alert.mutable_after()->set_digest(common::Sha256(now));
    alert.mutable_after()->set_line(2);
    return PutAlert(std::move(alert));
  }

  Response Get(const std::string& path, std::map<std::string, std::string> query = {}) {
    v1::Scenario& scenario = *options_.scenarios.add_scenario();
    scenario.set_id("com_tiny");
    scenario.set_title("commercial use by a very small company");
    options_.config.set_title("modelwatch");
    options_.config.set_feed_authority("watch.example");
    return Site(index_, options_).Handle({path, std::move(query)});
  }

  testing::FakeIndex& index() { return index_; }
  testing::FakeClock& clock() { return clock_; }
  SiteOptions& options() { return options_; }

 private:
  testing::FakeClock clock_;
  testing::FakeIndex index_;
  SiteOptions options_;
  int versions_ = 0;
  uint64_t cursor_ = 0;
};

}  // namespace modelwatch::evaluator
