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

TEST(DocumentPathTest, LeadsBackToTheFileThatAHeaderOrAPdfIsOf) {
  EXPECT_TRUE(IsDocumentPath(HeaderPath("q4/model.gguf")));
  EXPECT_TRUE(IsHeaderPath(HeaderPath("q4/model.gguf")));
  EXPECT_EQ(FileBehind(HeaderPath("q4/model.gguf")), "q4/model.gguf");
  EXPECT_TRUE(IsDocumentPath(PdfTextPath("LICENSE.pdf")));
  EXPECT_FALSE(IsAddressPath(PdfTextPath("LICENSE.pdf")));
  EXPECT_EQ(FileBehind(PdfTextPath("LICENSE.pdf")), "LICENSE.pdf");
  EXPECT_EQ(FileBehind("LICENSE"), "LICENSE");
  EXPECT_EQ(DocumentAddress("gguf:model.gguf"), "gguf:model.gguf");
}

TEST(DocumentPathTest, TakesNoFileOfARepositoryForOne) {
  for (const char* path : {"LICENSE", "https/licence", "docs/https:x", "", "httpsx:y"}) {
    EXPECT_FALSE(IsDocumentPath(path)) << path;
    EXPECT_EQ(DocumentAddress(path), path);
  }
}

}  // namespace
}  // namespace modelwatch::proto
