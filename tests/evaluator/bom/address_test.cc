// SPDX-License-Identifier: Apache-2.0
#include "evaluator/bom/address.h"

#include <gmock/gmock.h>

#include "testing/observations.h"

namespace modelwatch::evaluator {
namespace {

constexpr char kHub[] = "https://huggingface.co";

TEST(AddressTest, APackageUrlNamesTheRevisionAndAnotherHub) {
  EXPECT_EQ(PackageUrl(kHub, "Owner/Name", "ABC1"), "pkg:huggingface/Owner/Name@abc1");
  EXPECT_EQ(PackageUrl(kHub, "gpt2", ""), "pkg:huggingface/gpt2");
  EXPECT_EQ(PackageUrl("http://127.0.0.1:80", "a/b@c?d#e", "1"),
            "pkg:huggingface/a/b%40c%3Fd%23e@1?repository_url=http://127.0.0.1:80");
}

TEST(AddressTest, AFileIsNamedAtTheCommitAndADocumentWhereItWasRead) {
  v1::Observation seen = testing::ObservationOf("a", 1);
  seen.set_revision("c0ffee");
  EXPECT_EQ(FileAddress(kHub, seen, "a b/LICENSE"),
            "https://huggingface.co/owner/a/blob/c0ffee/a%20b/LICENSE");
  EXPECT_EQ(FileAddress(kHub, seen, "https:x.example/y"), "https://x.example/y");
  EXPECT_EQ(FileAddress(kHub, seen, "gguf:m.gguf"),
            "https://huggingface.co/owner/a/blob/c0ffee/m.gguf");
}

TEST(AddressTest, WhatAPublisherGivesAsAnAddressIsEscapedOrDropped) {
  EXPECT_EQ(SafeAddress("https://x.example/%zz%20{\"}?q=1"),
            "https://x.example/%25zz%20%7B%22%7D?q=1");
  EXPECT_EQ(SafeAddress("javascript:alert(1)"), "");
  EXPECT_EQ(SafeAddress("https://x\"y.example/"), "");
  EXPECT_EQ(SafeAddress("https://x.example/" + std::string(5000, 'a')), "");
}

}  // namespace
}  // namespace modelwatch::evaluator
