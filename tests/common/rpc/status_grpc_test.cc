// SPDX-License-Identifier: Apache-2.0
#include "common/rpc/status_grpc.h"

#include <grpcpp/support/status.h>
#include <gtest/gtest.h>

#include "testing/status_matchers.h"

namespace modelwatch::common {
namespace {

using absl::StatusCode;
using testing::StatusIs;

TEST(StatusGrpcTest, KeepsEveryCodeAndItsWordsBothWays) {
  for (int code = 1; code <= 16; ++code) {
    const absl::Status status(static_cast<StatusCode>(code), "words");
    const StatusCode expected =
        code == static_cast<int>(StatusCode::kUnknown) ? StatusCode::kInternal : status.code();
    EXPECT_THAT(FromGrpc(ToGrpc(status)), StatusIs(expected, "words"));
  }
  EXPECT_OK(FromGrpc(ToGrpc(absl::OkStatus())));
}

TEST(StatusGrpcTest, CarriesNumbersBesideTheCode) {
  absl::Status status = absl::OutOfRangeError("compacted");
  EXPECT_EQ(TrailerNumber(status, kOldestSequence, -1), -1);
  SetTrailerNumber(status, kOldestSequence, 42);
  EXPECT_EQ(TrailerNumber(status, kOldestSequence, -1), 42);
}

}  // namespace
}  // namespace modelwatch::common
