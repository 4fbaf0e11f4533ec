// SPDX-License-Identifier: Apache-2.0
#include "cli/archive_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "testing/archive_maker.h"
#include "testing/status_matchers.h"

namespace modelwatch::cli {
namespace {

using ::testing::AllOf;
using testing::ArchiveFile;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using testing::MakeArchive;
using testing::StatusIs;

auto Member(const std::string& name, const std::string& bytes) {
  return AllOf(Field(&ArchiveMember::name, name), Field(&ArchiveMember::bytes, bytes));
}

struct Read {
  std::vector<ArchiveMember> members;
  absl::Status end;  // why it ended
};

Read ReadAll(const std::string& bytes, const std::string& name = "a.tar",
             const ArchiveLimits& limits = {}) {
  Read read;
  auto reader = ArchiveReader::OpenBytes(bytes, name, limits);
  if (!reader.ok()) return {{}, reader.status()};
  for (;;) {
    auto member = (*reader)->Next();
    read.end = member.status();
    if (!member.ok() || !member->has_value()) return read;
    read.members.push_back(**std::move(member));
  }
}

class ArchiveFormatTest : public ::testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(ArchiveFormatTest, GivesItsFilesInItsOrder) {
  const auto [format, filter] = GetParam();
  const std::string bytes = MakeArchive(
      {{"z/LICENSE", "one", ""}, {"a/许可.txt", "two", ""}, {"m", "", ""}}, format, filter);
  EXPECT_TRUE(IsArchiveHead(bytes.substr(0, 512)));
  const Read read = ReadAll(bytes);
  ASSERT_OK(read.end);
  EXPECT_THAT(read.members, ElementsAre(Member("z/LICENSE", "one"), Member("a/许可.txt", "two"),
                                        Member("m", "")));
}

INSTANTIATE_TEST_SUITE_P(All, ArchiveFormatTest,
                         ::testing::Values(std::pair("tar", ""), std::pair("tar", "gzip"),
                                           std::pair("tar", "zstd"), std::pair("tar", "xz"),
                                           std::pair("tar", "bzip2"), std::pair("cpio", ""),
                                           std::pair("cpio", "gzip"), std::pair("zip", "")));

TEST(ArchiveReaderTest, GivesALoneCompressedFileWithoutAName) {
  const Read read = ReadAll(MakeArchive({{"x", "the text", ""}}, "raw", "gzip"), "LICENSE.gz");
  ASSERT_OK(read.end);
  EXPECT_THAT(read.members, ElementsAre(Member("", "the text")));
}

TEST(ArchiveReaderTest, LooksIntoTheTarsOfADebianPackage) {
  const std::string data = MakeArchive({{"./usr/share/doc/x/copyright", "terms", ""}}, "tar", "xz");
  const std::string control = MakeArchive({{"./control", "Package: x", ""}}, "tar", "zstd");
  const std::string deb = MakeArchive(
      {{"debian-binary", "2.0\n", ""}, {"control.tar.zst", control, ""}, {"data.tar.xz", data, ""}},
      "ar");
  const Read read = ReadAll(deb, "x_1_all.deb");
  ASSERT_OK(read.end);
  EXPECT_THAT(read.members, ElementsAre(Member("debian-binary", "2.0\n"),
                                        Member("control.tar.zst/control", "Package: x"),
                                        Member("data.tar.xz/usr/share/doc/x/copyright", "terms")));
}

TEST(ArchiveReaderTest, PassesOverLinksAndHiddenFolders) {
  const Read read = ReadAll(MakeArchive({{"link", "", "/etc/passwd"},
                                         {".git/config", "x", ""},
                                         {"a/.cache/y", "x", ""},
                                         {"a/.hidden", "kept", ""}},
                                        "tar"));
  ASSERT_OK(read.end);
  EXPECT_THAT(read.members, ElementsAre(Member("a/.hidden", "kept")));
}

TEST(ArchiveReaderTest, OnlyShowsHostileNames) {
  const std::string outside = "../../../../tmp/modelwatch-was-here";
  const Read read = ReadAll(MakeArchive({{outside, "x", ""}, {"/etc/passwd", "y", ""}}, "tar"));
  ASSERT_OK(read.end);
  EXPECT_THAT(read.members, ElementsAre(Member(outside, "x"), Member("/etc/passwd", "y")));
}

TEST(ArchiveReaderTest, DoesNotOpenAnArchiveInside) {
  const std::string inner = MakeArchive({{"LICENSE", "x", ""}}, "zip");
  const Read read = ReadAll(MakeArchive({{"inner.zip", inner, ""}}, "tar"));
  ASSERT_OK(read.end);
  ASSERT_EQ(read.members.size(), 1U);
  EXPECT_TRUE(read.members[0].is_archive);
}

TEST(ArchiveReaderTest, KeepsTheBeginningOfALargeMember) {
  const std::string large(100'000, 'x');
  for (const char* filter : {"", "gzip"}) {
    const Read read = ReadAll(MakeArchive({{"large", large, ""}, {"next", "y", ""}}, "tar", filter),
                              "a.tar", {.max_member_bytes = 10});
    ASSERT_OK(read.end);
    ASSERT_EQ(read.members.size(), 2U);
    EXPECT_THAT(read.members[0], Member("large", "xxxxxxxxxx"));
    EXPECT_EQ(read.members[0].whole_bytes, 100'000U);
    EXPECT_THAT(read.members[1], Member("next", "y"));
  }
}

TEST(ArchiveReaderTest, StopsAtABomb) {
  // 64 MB of zeros in some 60 KB, hidden, so that nobody asked for it.
  const std::string bomb = MakeArchive(
      {{"first", "x", ""}, {".git/zeros", std::string(64 << 20, '\0'), ""}, {"last", "y", ""}},
      "tar", "gzip");
  ASSERT_LT(bomb.size(), 100'000U);
  const Read read = ReadAll(bomb, "bomb.tar.gz", {.max_unpacked_bytes = 1 << 20});
  EXPECT_THAT(read.end, StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(std::string(read.end.message()),
              AllOf(HasSubstr("bomb.tar.gz"), HasSubstr("unpacks")));
  EXPECT_THAT(read.members, ElementsAre(Member("first", "x")));
}

TEST(ArchiveReaderTest, DoesNotHoldANameAsLongAsAHeaderClaims) {
  // A cpio header, fields of eight digits: the twelfth is the length of the name.
  std::string cpio = "070701";
  for (int field = 1; field <= 13; ++field) cpio += field == 12 ? "7FFFFFFF" : "00000000";
  cpio += std::string(64 << 20, 'n');
  const Read read = ReadAll(MakeArchive({{"x", cpio, ""}}, "raw", "gzip"), "names.cpio.gz");
  EXPECT_THAT(read.end, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(std::string(read.end.message()), HasSubstr("header"));
}

TEST(ArchiveReaderTest, StopsAtTooManyFiles) {
  std::vector<ArchiveFile> files;
  for (int i = 0; i < 20; ++i) files.push_back({absl::StrFormat("%d", i), "x", ""});
  const Read read = ReadAll(MakeArchive(files, "tar"), "many.tar", {.max_members = 5});
  EXPECT_THAT(read.end, StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_EQ(read.members.size(), 5U);
}

TEST(ArchiveReaderTest, TellsWhatIsCutOff) {
  std::string noise;
  uint32_t state = 1;
  for (int i = 0; i < 500'000; ++i) {
    noise += static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  }
  const std::string bytes = MakeArchive({{"a", "x", ""}, {"b", noise, ""}}, "tar", "gzip");
  const Read read = ReadAll(bytes.substr(0, bytes.size() / 2), "cut.tar.gz");
  EXPECT_THAT(read.end, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(std::string(read.end.message()), HasSubstr("cut.tar.gz"));
  EXPECT_THAT(read.members, ElementsAre(Member("a", "x")));
}

TEST(ArchiveReaderTest, NamesAFileThatIsNotThere) {
  EXPECT_FALSE(ArchiveReader::Open("/nonexistent/a.tar").ok());
}

TEST(ArchiveNameTest, KnowsTheNamesOfArchives) {
  for (const char* name : {"a.tar", "a.TAR.GZ", "x/a.tgz", "a.tar.zst", "a-1.0-py3-none-any.whl",
                           "a_1_amd64.deb", "a.zip", "a.cpio"}) {
    EXPECT_TRUE(HasArchiveName(name)) << name;
  }
  for (const char* name : {"LICENSE", "tar", ".tar", "a.tar.txt", "model.safetensors", "a.docx"}) {
    EXPECT_FALSE(HasArchiveName(name)) << name;
  }
}

}  // namespace
}  // namespace modelwatch::cli
