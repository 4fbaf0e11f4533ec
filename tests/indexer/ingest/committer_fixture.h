// SPDX-License-Identifier: Apache-2.0
// A store with a running committer, for tests of what goes through it.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "common/metrics.h"
#include "indexer/ingest/committer.h"
#include "indexer/store/records.h"
#include "indexer/store/rocks_store.h"
#include "testing/fake_clock.h"
#include "testing/observations.h"
#include "testing/status_matchers.h"
#include "testing/temp_dir.h"

namespace modelwatch::indexer {

class CommitterFixture : public ::testing::Test {
 protected:
  void SetUp() override { Start({}); }
  void TearDown() override { Stop(); }

  void Start(const CommitterOptions& options) {
    ASSERT_OK_AND_ASSIGN(store_, OpenRocksStore(dir_.Sub("db"), {}));
    ASSERT_OK_AND_ASSIGN(const v1::StoredState state, GetState(*store_));
    committer_ = std::make_unique<Committer>(*store_, state, clock_, metrics_, options);
    thread_ = std::thread([this] { committer_->Run(); });
  }
  void Stop() {
    if (!thread_.joinable()) return;
    committer_->Close();
    thread_.join();
    committer_.reset();
    store_.reset();
  }
  void Restart(const CommitterOptions& options = {}) {
    Stop();
    Start(options);
  }

  static absl::Time Soon() { return absl::Now() + absl::Seconds(30); }

  v1::PutBatchResponse Put(const v1::PutBatchRequest& request) {
    auto response = committer_->PutBatch(request, Soon());
    EXPECT_OK(response);
    return response.ok() ? *response : v1::PutBatchResponse();
  }
  v1::ItemAck Put(const v1::PutItem& item) {
    v1::PutBatchRequest request;
    *request.add_items() = item;
    return Put(request).acks(0);
  }
  v1::ItemAck Put(const v1::Observation& observation) {
    return Put(testing::BatchOf({observation})).acks(0);
  }
  v1::StoredState State() { return GetState(*store_).value_or(v1::StoredState()); }
  v1::StoredHead Head(const std::string& id) {
    return GetHead(*store_, testing::KeyOf(id)).value_or(v1::StoredHead());
  }
  Seen SeenOf(const std::string& id) {
    return GetSeen(*store_, testing::KeyOf(id)).value_or(Seen());
  }
  v1::StoredVersion Version(const std::string& id, uint64_t sequence) {
    return GetVersion(*store_, testing::KeyOf(id), sequence).value_or(v1::StoredVersion());
  }

  const testing::TempDir dir_;
  testing::FakeClock clock_;
  common::Metrics metrics_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Committer> committer_;
  std::thread thread_;
};

}  // namespace modelwatch::indexer
