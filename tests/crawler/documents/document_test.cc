// SPDX-License-Identifier: Apache-2.0
#include "crawler/documents/document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_format.h"
#include "testing/status_matchers.h"

namespace modelwatch::crawler {
namespace {

using testing::StatusIs;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

common::Url At() { return common::ParseUrl("https://example.com/licence").value(); }

TEST(DocumentTest, KeepsATextAsServed) {
  ASSERT_OK_AND_ASSIGN(const Document document,
                       ReadDocument("MIT License\r\n\r\n", "text/plain; charset=utf-8", At()));
  EXPECT_EQ(document.text, "MIT License\r\n\r\n");
}

TEST(DocumentTest, IsTheSameForPagesThatDifferOnlyInTheirMachinery) {
  const auto page = [](const char* nonce) {
    return absl::StrFormat(
        "<!doctype html><script nonce=%s>t('%s')</script><p>You may use it for research, and for "
        "nothing else at all.</p>",
        nonce, nonce);
  };
  ASSERT_OK_AND_ASSIGN(const Document one, ReadDocument(page("a1"), "text/html", At()));
  ASSERT_OK_AND_ASSIGN(const Document other, ReadDocument(page("b2"), "text/html", At()));
  EXPECT_EQ(one.text, other.text);
}

TEST(DocumentTest, ReadsAPageInTheEncodingThatTheServerNames) {
  ASSERT_OK_AND_ASSIGN(
      const Document document,
      ReadDocument("<p>Caf\xE9 owners may use it for whatever they like, without fee.</p>",
                   "text/html; Charset=\"ISO-8859-1\"", At()));
  EXPECT_EQ(document.text.substr(0, 5), "Caf\xC3\xA9");
}

TEST(DocumentTest, NamesThePoliciesOfAPage) {
  ASSERT_OK_AND_ASSIGN(const Document document,
                       ReadDocument("<p>You may use it as long as you keep to our rules.</p><a "
                                    "href=/use_policy>Rules</a>",
                                    "text/html", At()));
  ASSERT_EQ(document.policies.size(), 1U);
  EXPECT_EQ(common::FormatUrl(document.policies[0]), "https://example.com/use_policy");
}

TEST(DocumentTest, RefusesWhatHoldsNoWords) {
  EXPECT_THAT(ReadDocument("<html><div id=root></div></html>", "", At()), StatusIs(kInvalid));
  EXPECT_THAT(ReadDocument(std::string("\x7F"
                                       "ELF\0\0",
                                       6),
                           "", At()),
              StatusIs(kInvalid));
  EXPECT_THAT(ReadDocument("%PDF-1.7", "application/pdf", At()), StatusIs(kInvalid));
  EXPECT_THAT(ReadDocument("version https://git-lfs.github.com/spec/v1\noid sha256:" +
                               std::string(64, '0') + "\nsize 10\n",
                           "text/plain", At()),
              StatusIs(kInvalid));
}

}  // namespace
}  // namespace modelwatch::crawler
