// SPDX-License-Identifier: Apache-2.0
#include "indexer/indexer.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "common/atomic_file.h"
#include "common/digest.h"
#include "indexer/client/remote_index.h"
#include "indexer/data_dir.h"
#include "testing/fake_clock.h"
#include "testing/observations.h"
#include "testing/status_matchers.h"
#include "testing/temp_dir.h"

namespace modelwatch::indexer {
namespace {

using absl::StatusCode;
using testing::BatchOf;
using testing::ObservationOf;
using testing::StatusIs;

class IndexerTest : public ::testing::Test {
 protected:
  IndexerOptions Options() const {
    IndexerOptions options;
    options.data_dir = dir_.Sub("data");
    return options;
  }
  std::unique_ptr<Indexer> OpenOrDie(const IndexerOptions& options) {
    auto opened = Indexer::Open(options, clock_, metrics_);
    EXPECT_OK(opened);
    return opened.ok() ? *std::move(opened) : nullptr;
  }

  testing::TempDir dir_;
  testing::FakeClock clock_;
  common::Metrics metrics_;
};

TEST_F(IndexerTest, StoresAnObservationAndServesItOverItsSocket) {
  const auto indexer = OpenOrDie(Options());
  ASSERT_OK_AND_ASSIGN(const auto index, ConnectLocal(Options().data_dir));
  ASSERT_OK_AND_ASSIGN(const auto put, index->PutBatch(BatchOf({ObservationOf("a", 1)})));
  ASSERT_EQ(put.acks(0).status(), v1::STORED);
  v1::GetHeadsRequest request;
  *request.add_keys() = ObservationOf("a", 1).key();
  ASSERT_OK_AND_ASSIGN(const auto heads, indexer->InProcess()->GetHeads(request));
  EXPECT_TRUE(heads.heads(0).found());
  EXPECT_EQ(heads.heads(0).version(), 1u);
}

}  // namespace
}  // namespace modelwatch::indexer
