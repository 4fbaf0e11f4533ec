// SPDX-License-Identifier: Apache-2.0
#include "crawler/documents/gguf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>

#include "testing/status_matchers.h"

namespace modelwatch::crawler {
namespace {

using testing::StatusIs;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr uint32_t kStringType = 8;
constexpr uint32_t kArrayType = 9;

// Writes a header field by field.
class Header {
 public:
  explicit Header(uint64_t fields, uint32_t version = 3) : bytes_("GGUF") {
    Number(version);
    Number(uint64_t{291});  // tensors
    Number(fields);
  }

  template <typename Value>
  Header& Number(Value value) {
    char raw[sizeof(value)];
    std::memcpy(raw, &value, sizeof(value));
    bytes_.append(raw, sizeof(raw));
    return *this;
  }
  Header& Text(std::string_view text) {
    Number(static_cast<uint64_t>(text.size()));
    bytes_.append(text);
    return *this;
  }
  Header& Field(std::string_view key, std::string_view value) {
    return Text(key).Number(kStringType).Text(value);
  }

  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

Header WithLicence() {
  Header header(5);
  header.Field("general.architecture", "llama");
  header.Text("general.file_type").Number(uint32_t{4}).Number(uint32_t{17});
  header.Field("general.license", "llama3.1");
  header.Field("general.license.name", "Example Community License");
  header.Field("general.license.link", "https://example.com/license");
  return header;
}

TEST(GgufTest, ReadsTheLicenceFields) {
  ASSERT_OK_AND_ASSIGN(const GgufLicence licence, ReadGgufLicence(WithLicence().bytes()));
  EXPECT_EQ(licence.fields.licence, "llama3.1");
  EXPECT_EQ(licence.fields.name, "Example Community License");
  EXPECT_EQ(licence.fields.link, "https://example.com/license");
  EXPECT_TRUE(licence.is_whole);
}

TEST(GgufTest, ReadsLengthsOf32BitsInTheFirstVersion) {
  std::string head = "GGUF";
  const auto number = [&head](uint32_t value) {
    head.append(reinterpret_cast<const char*>(&value), sizeof(value));
  };
  const auto text = [&](std::string_view words) {
    number(static_cast<uint32_t>(words.size()));
    head.append(words);
  };
  for (const uint32_t value : {1U, 291U, 2U}) number(value);
  text("general.ids");
  for (const uint32_t value : {kArrayType, 4U, 1U, 7U}) number(value);
  text("general.license");
  number(kStringType);
  text("mit");
  ASSERT_OK_AND_ASSIGN(const GgufLicence licence, ReadGgufLicence(head));
  EXPECT_EQ(licence.fields.licence, "mit");
  EXPECT_TRUE(licence.is_whole);
}

TEST(GgufTest, ReadsTheOtherByteOrder) {
  std::string head = "GGUF";
  const auto number = [&head](uint64_t value, int bytes) {
    for (int i = bytes - 1; i >= 0; --i) head.push_back(static_cast<char>(value >> (8 * i)));
  };
  const auto text = [&](std::string_view words) {
    number(words.size(), 8);
    head.append(words);
  };
  number(3, 4);
  number(291, 8);
  number(1, 8);
  text("general.license");
  number(kStringType, 4);
  text("mit");
  ASSERT_OK_AND_ASSIGN(const GgufLicence licence, ReadGgufLicence(head));
  EXPECT_EQ(licence.fields.licence, "mit");
  EXPECT_TRUE(licence.is_whole);
}

TEST(GgufTest, NamesTheModelsThatItIsMadeOf) {
  Header header(5);
  header.Text("general.base_model.count").Number(uint32_t{4}).Number(uint32_t{2});
  header.Field("general.base_model.0.name", "Base 7B");
  header.Field("general.base_model.0.repo_url", "https://hub.example/acme/base");
  header.Field("general.base_model.1.repo_url", "https://hub.example/acme/other");
  header.Field("general.base_model.99999.name", "Nobody");
  ASSERT_OK_AND_ASSIGN(const GgufLicence licence, ReadGgufLicence(header.bytes()));
  EXPECT_THAT(licence.fields.bases, ::testing::ElementsAre("Base 7B https://hub.example/acme/base",
                                                           "https://hub.example/acme/other"));
}

TEST(GgufTest, WantsMoreOnlyWhileTheGeneralFieldsGoOn) {
  Header header(4);
  header.Field("general.name", "Example");
  const size_t inside = header.bytes().size();
  header.Field("general.license", "mit");
  header.Field("llama.vocabulary", std::string(1000, 'x'));
  const std::string whole = header.bytes();
  EXPECT_TRUE(ReadGgufLicence(whole.substr(0, inside))->wants_more);
  EXPECT_TRUE(ReadGgufLicence(whole.substr(0, inside + 20))->wants_more);
  EXPECT_FALSE(ReadGgufLicence(whole.substr(0, whole.size() - 10))->wants_more);
  EXPECT_FALSE(ReadGgufLicence(WithLicence().bytes())->wants_more);
}

TEST(GgufTest, PassesOverEveryTypeOfValue) {
  Header header(15);
  const size_t bytes[] = {1, 1, 2, 2, 4, 4, 4, 1};
  for (uint32_t type = 0; type < 8; ++type) {
    header.Text("k").Number(type);
    for (size_t i = 0; i < bytes[type]; ++i) header.Number(uint8_t{1});
  }
  for (uint32_t type = 10; type < 13; ++type) header.Text("k").Number(type).Number(uint64_t{1});
  header.Text("scores").Number(kArrayType).Number(uint32_t{6}).Number(uint64_t{2}).Number(1.0F);
  header.Number(2.0F);
  header.Text("tokens").Number(kArrayType).Number(kStringType).Number(uint64_t{2}).Text("a");
  header.Text("");
  header.Text("nested").Number(kArrayType).Number(kArrayType).Number(uint64_t{1});
  header.Number(uint32_t{0}).Number(uint64_t{1}).Number(uint8_t{7});
  header.Field("general.license", "mit");
  ASSERT_OK_AND_ASSIGN(const GgufLicence licence, ReadGgufLicence(header.bytes()));
  EXPECT_EQ(licence.fields.licence, "mit");
  EXPECT_TRUE(licence.is_whole);
}

TEST(GgufTest, KeepsWhatStoodBeforeTheCut) {
  const std::string whole = WithLicence().bytes();
  for (size_t size = 4; size < whole.size(); ++size) {
    ASSERT_OK_AND_ASSIGN(const GgufLicence licence, ReadGgufLicence(whole.substr(0, size)));
    EXPECT_FALSE(licence.is_whole);
    EXPECT_TRUE(licence.fields.licence.empty() || licence.fields.licence == "llama3.1");
  }
}

TEST(GgufTest, DoesNotBelieveLengthsAndCounts) {
  const uint64_t huge = UINT64_MAX;
  const std::string lies[] = {
      Header(huge).bytes(),
      Header(1).Number(huge).bytes(),
      Header(1).Text("k").Number(kStringType).Number(huge).bytes(),
      Header(1).Text("k").Number(kArrayType).Number(uint32_t{10}).Number(huge).bytes(),
      Header(1).Text("k").Number(kArrayType).Number(kStringType).Number(huge).bytes(),
      Header(1).Text("k").Number(kArrayType).Number(kArrayType).Number(huge).bytes()};
  for (const std::string& lie : lies) {
    ASSERT_OK_AND_ASSIGN(const GgufLicence licence, ReadGgufLicence(lie));
    EXPECT_FALSE(licence.is_whole);
    EXPECT_TRUE(licence.fields.is_empty());
  }
}

TEST(GgufTest, RefusesWhatIsNoGgufThatWeKnow) {
  EXPECT_THAT(ReadGgufLicence(""), StatusIs(kInvalid));
  EXPECT_THAT(ReadGgufLicence("GGU"), StatusIs(kInvalid));
  EXPECT_THAT(ReadGgufLicence("<html>"), StatusIs(kInvalid));
  EXPECT_THAT(ReadGgufLicence(Header(0, 0).bytes()), StatusIs(kInvalid));
  EXPECT_THAT(ReadGgufLicence(Header(0, 4).bytes()), StatusIs(kInvalid));
  EXPECT_THAT(ReadGgufLicence(Header(0, 0x00010203).bytes()), StatusIs(kInvalid));
  EXPECT_THAT(ReadGgufLicence(Header(1).Text("").Number(kStringType).Text("").bytes()),
              StatusIs(kInvalid));
  EXPECT_THAT(ReadGgufLicence(Header(1).Text("k").Number(uint32_t{99}).bytes()),
              StatusIs(kInvalid));
}

TEST(GgufTest, RefusesArraysNestedForTheirOwnSake) {
  Header header(1);
  header.Text("k").Number(kArrayType);
  for (int i = 0; i < 1000; ++i) header.Number(kArrayType).Number(uint64_t{1});
  EXPECT_THAT(ReadGgufLicence(header.bytes()), StatusIs(kInvalid));
}

TEST(GgufTest, MakesTextsValidUtf8) {
  ASSERT_OK_AND_ASSIGN(const GgufLicence licence,
                       ReadGgufLicence(Header(1).Field("general.license", "m\xFFt").bytes()));
  EXPECT_EQ(licence.fields.licence, "m\xEF\xBF\xBDt");
}

}  // namespace
}  // namespace modelwatch::crawler
