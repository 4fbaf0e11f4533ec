// SPDX-License-Identifier: Apache-2.0
#include "crawler/documents/terms_link.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace modelwatch::crawler {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string Address(std::string_view link) {
  const auto url = LicenceAddress(link);
  return url.has_value() ? common::FormatUrl(*url) : "";
}

std::vector<std::string> Policies(std::string_view text, const std::vector<PageLink>& links = {}) {
  std::vector<std::string> out;
  const common::Url own = common::ParseUrl("https://example.com/terms/licence").value();
  for (const common::Url& url : PolicyAddresses(text, links, own)) {
    out.push_back(common::FormatUrl(url));
  }
  return out;
}

TEST(TermsLinkTest, TakesAddressesAndNoPaths) {
  EXPECT_EQ(Address(" https://example.com/licence "), "https://example.com/licence");
  for (const char* link : {"LICENSE", "./LICENSE", "", "other", "ftp://example.com/x",
                           "javascript:alert(1)", "file:///etc/passwd", "https://"}) {
    EXPECT_EQ(Address(link), "") << link;
  }
}

TEST(TermsLinkTest, LeadsToTheTextBehindThePageThatShowsIt) {
  EXPECT_EQ(Address("https://github.com/owner/name/blob/main/docs/LICENSE"),
            "https://raw.githubusercontent.com/owner/name/main/docs/LICENSE");
  EXPECT_EQ(Address("https://huggingface.co/owner/name/blob/main/LICENSE"),
            "https://huggingface.co/owner/name/resolve/main/LICENSE");
  EXPECT_EQ(Address("https://github.com/owner/name"), "https://github.com/owner/name");
}

TEST(TermsLinkTest, FindsThePolicyThatATextIncorporates) {
  EXPECT_THAT(Policies("Your use must adhere to the Acceptable Use Policy for the Materials "
                       "(available at https://example.com/models/use-policy), which is hereby "
                       "incorporated. See also https://example.com/blog."),
              ElementsAre("https://example.com/models/use-policy"));
  EXPECT_THAT(Policies("the prohibited use policy at https://example.com/p/7."),
              ElementsAre("https://example.com/p/7"));
}

TEST(TermsLinkTest, FindsThePolicyThatAPageLinks) {
  EXPECT_THAT(
      Policies("", {{"/home", "Home"},
                    {"../policy", "Prohibited Use Policy"},
                    {"/acceptable_use", "here"},
                    {"mailto:use-policy@example.com", "write to us"}}),
      ElementsAre("https://example.com/terms/../policy", "https://example.com/acceptable_use"));
}

TEST(TermsLinkTest, NamesEachOnceAndNeverTheLicenceItself) {
  EXPECT_THAT(Policies("use policy https://example.com/a use policy https://example.com/a, use "
                       "policy https://example.com/terms/licence"),
              ElementsAre("https://example.com/a"));
}

TEST(TermsLinkTest, FindsNoneInAnOrdinaryLicence) {
  EXPECT_THAT(Policies("Licensed under the Apache License, Version 2.0. You may obtain a copy at "
                       "http://www.apache.org/licenses/LICENSE-2.0"),
              IsEmpty());
}

TEST(TermsLinkTest, StaysBoundedOnATextOfAddresses) {
  std::string text;
  for (int i = 0; i < 300'000; ++i) text += "http";
  for (int i = 0; i < 100'000; ++i) text += " use policy http://x/" + std::to_string(i);
  EXPECT_LE(Policies(text).size(), kMaxPolicies);
}

TEST(TermsLinkTest, MakesPathsThatNoRepositoryHolds) {
  const auto path = [](const char* address) {
    return DocumentPath(common::ParseUrl(address).value()).value_or("none");
  };
  EXPECT_EQ(path("https://Example.com/a/b?c=d#e"), "https:example.com/a/b");
  EXPECT_EQ(path("https://example.com//a/./b/"), "https:example.com/a/b");
  EXPECT_EQ(path("http://example.com/"), "http:example.com");
  EXPECT_EQ(path("https://example.com/a/../b"), "none");
  EXPECT_EQ(path(("https://example.com/" + std::string(600, 'a')).c_str()), "none");
}

}  // namespace
}  // namespace modelwatch::crawler
