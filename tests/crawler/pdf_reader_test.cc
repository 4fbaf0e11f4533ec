// SPDX-License-Identifier: Apache-2.0
#include "crawler/pdf_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <optional>
#include <string>

#include "absl/strings/str_format.h"
#include "replay_hub/beside_world.h"
#include "testing/fake_clock.h"
#include "testing/status_matchers.h"

namespace modelwatch::crawler {
namespace {

using ::modelwatch::replay_hub::MadeUpPdf;
using ::modelwatch::testing::StatusIs;
using ::testing::HasSubstr;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr auto kTooMuch = absl::StatusCode::kResourceExhausted;
constexpr char kSentence[] = "You may use, copy and change this work for any purpose.";

class PdfReaderTest : public ::testing::Test {
 protected:
  // The words of one PDF; the reader's own limits end the wait.
  PdfReader::Text Read(const std::string& pdf, PdfLimits limits = {}) {
    PdfReader reader(clock_, std::move(limits));
    std::optional<PdfReader::Text> text;
    reader.Read(pdf, [&text](const PdfReader::Text& words) { text = words; });
    while (!text.has_value()) reader.Step();
    return *text;
  }

  testing::FakeClock clock_;
};

// A page that shows two forms that each show two more, and so on: a billion of them in 3 KB.
std::string Laughs(int levels) {
  std::string pdf =
      "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
      "2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
      "3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
      "/Resources << /XObject << /X 5 0 R >> >> >>\nendobj\n"
      "4 0 obj\n<< /Length 11 >>\nstream\n/X Do /X Do\nendstream\nendobj\n";
  for (int i = 0; i < levels; ++i) {
    pdf += absl::StrFormat(
        "%d 0 obj\n<< /Type /XObject /Subtype /Form /BBox [0 0 612 792] /Length 11 "
        "/Resources << /XObject << /X %d 0 R >> >> >>\nstream\n/X Do /X Do\nendstream\nendobj\n",
        5 + i, 6 + i);
  }
  return pdf + "trailer\n<< /Root 1 0 R >>\n%%EOF\n";
}

TEST_F(PdfReaderTest, ReadsTheWords) {
  ASSERT_OK_AND_ASSIGN(const std::string text, Read(MadeUpPdf(kSentence)));
  EXPECT_THAT(text, HasSubstr(kSentence));
}

TEST_F(PdfReaderTest, SaysThatAScanHasNoWords) {
  EXPECT_THAT(Read(MadeUpPdf("")), StatusIs(kInvalid, "without words"));
}

TEST_F(PdfReaderTest, SaysThatOneIsBroken) {
  EXPECT_THAT(Read("%PDF-1.7 and nothing else"), StatusIs(kInvalid, "a broken PDF"));
  EXPECT_THAT(Read(""), StatusIs(kInvalid, "a broken PDF"));
}

TEST_F(PdfReaderTest, SaysThatOneIsEncrypted) {
  std::string pdf = MadeUpPdf(kSentence);
  const std::string key(32, 'k');
  pdf.replace(pdf.find("/Root"), 5,
              "/Encrypt << /Filter /Standard /V 1 /R 2 /P -64 /O (" + key + ") /U (" + key +
                  ") >> /ID [(a) (a)] /Root");
  EXPECT_THAT(Read(pdf), StatusIs(kInvalid, "an encrypted PDF"));
}

TEST_F(PdfReaderTest, StopsOneOfMoreWordsThanALicenceHas) {
  PdfLimits limits;
  limits.max_text_bytes = 20;
  EXPECT_THAT(Read(MadeUpPdf(kSentence), limits), StatusIs(kTooMuch, "more text"));
}

TEST_F(PdfReaderTest, StopsABombWhenItHasUsedUpItsTime) {
  PdfLimits limits;
  limits.cpu_seconds = 1;
  EXPECT_THAT(Read(Laughs(30), limits), StatusIs(kTooMuch, "too long"));
}

TEST_F(PdfReaderTest, KillsOneThatIsNotDoneInTime) {
  PdfLimits limits;
  limits.wall = absl::ZeroDuration();
  EXPECT_THAT(Read(Laughs(30), limits), StatusIs(kTooMuch, "too long"));
}

TEST_F(PdfReaderTest, GivesItLittleMemory) {
  PdfLimits limits;
  limits.memory_bytes = size_t{8} << 20;
  EXPECT_FALSE(Read(MadeUpPdf(kSentence), limits).ok());
}

TEST_F(PdfReaderTest, SaysThatTheProgramIsNotThere) {
  PdfLimits limits;
  limits.program = "/nowhere/pdftotext";
  EXPECT_THAT(Read(MadeUpPdf(kSentence), limits),
              StatusIs(absl::StatusCode::kFailedPrecondition, "poppler-utils"));
}

TEST_F(PdfReaderTest, ReadsAContentOnceForAllThatWait) {
  PdfReader reader(clock_);
  int told = 0;
  for (int i = 0; i < 3; ++i) {
    reader.Read(MadeUpPdf(kSentence), [&told](const PdfReader::Text&) { ++told; });
  }
  EXPECT_EQ(reader.active(), 1u);
  while (reader.active() > 0) reader.Step();
  EXPECT_EQ(told, 3);
  reader.Read(MadeUpPdf(kSentence), [&told](const PdfReader::Text&) { ++told; });
  EXPECT_EQ(told, 4);
}

}  // namespace
}  // namespace modelwatch::crawler
