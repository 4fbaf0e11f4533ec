// SPDX-License-Identifier: Apache-2.0
// A small index with every kind of record, and exports of it.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "common/atomic_file.h"
#include "indexer/export/export.h"
#include "indexer/indexer.h"
#include "testing/fake_clock.h"
#include "testing/observations.h"
#include "testing/status_matchers.h"
#include "testing/temp_dir.h"

namespace modelwatch::indexer {

inline constexpr char kLicenceText[] = "You may \"use\" it,\nbut never on Mars.\n";

// Sequences: 1 b (mit), 2 a (other, a base, a licence file), 3 b (cc-by-nc-4.0), 4 assessment of b,
// 5 its alert, 6 assessment of a, with findings and verdicts.
class ExportFixture : public ::testing::Test {
 protected:
  void SetUp() override {
    IndexerOptions options;
    options.data_dir = dir_.Sub("data");
    ASSERT_OK_AND_ASSIGN(indexer_, Indexer::Open(options, clock_, metrics_));
    index_ = indexer_->InProcess();
    ASSERT_OK(index_->PutBatch(testing::BatchOf({testing::ObservationOf("b", 1, "mit")})));
    ASSERT_OK(index_->PutBatch(OddRelease()));
    ASSERT_OK(index_->PutBatch(testing::BatchOf({testing::ObservationOf("b", 3, "cc-by-nc-4.0")})));
    ASSERT_OK(index_->PutAssessments(JudgementOfB()));
    ASSERT_OK(index_->PutAssessments(JudgementOfA()));
  }

  static v1::PutBatchRequest OddRelease() {
    v1::Observation odd = testing::ObservationOf("a", 2, "other");
    odd.mutable_declared()->set_license_name("a \"licence\", of sorts");
    v1::BaseModel& base = *odd.mutable_declared()->add_base_models();
    base.set_name("owner/b");
    base.set_relation("finetune");
    v1::PutBatchRequest batch = testing::BatchOf({odd});
    testing::AddFile(*batch.mutable_items(0), "LICENSE", kLicenceText);
    return batch;
  }

  static v1::PutAssessmentsRequest JudgementOfB() {
    v1::PutAssessmentsRequest request;
    request.set_evaluator("evaluator");
    request.set_cursor(3);
    v1::Judgement& judgement = *request.add_judgements();
    *judgement.mutable_key() = testing::KeyOf("b");
    v1::Assessment& assessment = *judgement.mutable_assessment();
    *assessment.mutable_key() = testing::KeyOf("b");
    assessment.set_name("owner/b");
    assessment.set_version(3);
    assessment.set_licence("CC-BY-NC-4.0");
    assessment.mutable_shift()->set_direction(v1::TIGHTER);
    assessment.mutable_shift()->add_lost()->set_scenario("sell");
    v1::Outcome& outcome = *assessment.mutable_terms()->add_outcomes();
    outcome.set_scenario("sell");
    outcome.mutable_interval()->set_low(3);
    outcome.mutable_interval()->set_high(3);
    v1::Alert& alert = *judgement.add_alerts();
    *alert.mutable_key() = testing::KeyOf("b");
    alert.set_name("owner/b");
    alert.set_severity(v1::CRITICAL);
    alert.set_title("owner/b may no longer be sold");
    *alert.mutable_shift() = assessment.shift();
    return request;
  }

  static v1::PutAssessmentsRequest JudgementOfA() {
    v1::PutAssessmentsRequest request;
    request.set_evaluator("evaluator");
    request.set_cursor(5);
    v1::Judgement& judgement = *request.add_judgements();
    *judgement.mutable_key() = testing::KeyOf("a");
    v1::Assessment& assessment = *judgement.mutable_assessment();
    *assessment.mutable_key() = testing::KeyOf("a");
    assessment.set_name("owner/a");
    assessment.set_version(2);
    assessment.set_status(v1::UNKNOWN_LICENCE);
    v1::Finding& tag = *assessment.add_findings();
    tag.set_source(v1::HUB_TAG);
    tag.set_declared("other");
    tag.set_status(v1::MENTION);
    v1::Finding& text = *assessment.add_findings();
    text.set_source(v1::LICENCE_FILE_TEXT);
    text.set_path("LICENSE");
    text.set_digest(common::Sha256(kLicenceText));
    text.set_status(v1::UNKNOWN_LICENCE);
    text.set_score(0.25);
    v1::FrameworkVerdict& verdict = *assessment.add_verdicts();
    verdict.set_framework("osaid");
    verdict.set_answer(v1::NO);
    v1::CriterionResult& criterion = *verdict.add_criteria();
    criterion.set_criterion("osaid.data");
    criterion.set_answer(v1::NOT_KNOWN);
    return request;
  }

  [[nodiscard]] ExportOptions OptionsFor(const std::string& name, ExportFormat format,
                                         uint64_t as_of = 0) const {
    ExportOptions options;
    options.out_dir = dir_.Sub(name);
    options.format = format;
    options.as_of = as_of;
    options.program_version = "test";
    options.parquet_module = MODELWATCH_BINARY_DIR "/modelwatch-parquet.so";
    return options;
  }
  absl::StatusOr<ExportSummary> Run(const std::string& name, ExportFormat format,
                                    uint64_t as_of = 0) {
    return Export(*index_, OptionsFor(name, format, as_of), never_);
  }
  [[nodiscard]] std::string Read(const std::string& path) const {
    const auto text = common::ReadWholeFile(dir_.Sub(path));
    EXPECT_OK(text);
    return text.value_or("");
  }

  const testing::TempDir dir_;
  testing::FakeClock clock_;
  common::Metrics metrics_;
  std::unique_ptr<Indexer> indexer_;
  std::unique_ptr<Index> index_;
  const common::Stopper never_;
};

}  // namespace modelwatch::indexer
