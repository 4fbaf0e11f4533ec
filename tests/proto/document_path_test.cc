// SPDX-License-Identifier: Apache-2.0
#include "proto/document_path.h"

#include <gtest/gtest.h>

namespace modelwatch::proto {
namespace {

TEST(DocumentPathTest, LeadsBackToTheAddress) {
  EXPECT_TRUE(IsDocumentPath("https:example.com/licence"));
  EXPECT_EQ(DocumentAddress("https:example.com/licence"), "https://example.com/licence");
  EXPECT_EQ(DocumentAddress("http:example.com"), "http://example.com");
}

TEST(DocumentPathTest, TakesNoFileOfARepositoryForOne) {
  for (const char* path : {"LICENSE", "https/licence", "docs/https:x", "", "httpsx:y"}) {
    EXPECT_FALSE(IsDocumentPath(path)) << path;
    EXPECT_EQ(DocumentAddress(path), path);
  }
}

}  // namespace
}  // namespace modelwatch::proto
