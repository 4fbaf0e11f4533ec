// SPDX-License-Identifier: Apache-2.0
#include "crawler/fetch/oid_table.h"

#include <gtest/gtest.h>

#include "common/digest.h"

namespace modelwatch::crawler {
namespace {

using State = OidTable::State;

const std::string kOid = common::GitBlobOid("text");

TEST(OidTableTest, KnowsWhatTheIndexHolds) {
  OidTable table;
  table.Add(*common::FromHex(kOid), common::Sha256("text"));
  EXPECT_EQ(table.Look(kOid), State::kKnown);
  EXPECT_EQ(table.Digest(kOid), common::Sha256("text"));
  EXPECT_EQ(table.TakeContent(kOid), "");
  table.Add("short", common::Sha256("text"));
  table.Add(*common::FromHex(kOid), "short");
  EXPECT_EQ(table.size(), 1u);
}

TEST(OidTableTest, WakesThoseWhoWaitForABody) {
  OidTable table;
  int woken = 0;
  table.Begin(kOid);
  EXPECT_EQ(table.Look(kOid), State::kOnItsWay);
  table.Await(kOid, [&] {
    ++woken;
    EXPECT_EQ(table.Digest(kOid), common::Sha256("text"));
  });
  table.Settle(kOid, "text");
  EXPECT_EQ(woken, 1);
  EXPECT_EQ(table.TakeContent(kOid), "text");
  EXPECT_EQ(table.TakeContent(kOid), "") << "handed out twice";
}

TEST(OidTableTest, ABodyThatDidNotComeIsUnknownAgain) {
  OidTable table;
  int woken = 0;
  table.Begin(kOid);
  table.Await(kOid, [&] { ++woken; });
  table.Fail(kOid);
  EXPECT_EQ(woken, 1);
  EXPECT_EQ(table.Look(kOid), State::kUnknown);
}

TEST(OidTableTest, ForgetsAndNeverKnowsJunk) {
  OidTable table;
  table.Begin(kOid);
  table.Settle(kOid, "text");
  table.Forget(kOid);
  EXPECT_EQ(table.Look(kOid), State::kUnknown);
  EXPECT_EQ(table.Look(""), State::kUnknown);
  EXPECT_EQ(table.Look("not an oid"), State::kUnknown);
}

}  // namespace
}  // namespace modelwatch::crawler
