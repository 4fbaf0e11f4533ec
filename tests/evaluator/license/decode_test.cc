// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/decode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iconv.h>

#include "absl/strings/str_format.h"
#include "evaluator/license/encoding.h"

namespace modelwatch::evaluator {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using namespace std::literals;

constexpr std::string_view kEnglish =
    "Permission is granted to use the materials for any purpose.\n"
    "Copyright \u00A9 2026 Zo\u00EB and Andr\u00E9; \u201Cas is\u201D, without warranty.\n";
constexpr std::string_view kChinese =
    "本许可协议授予您使用、复制、修改和分发本模型的权利。\n"
    "您不得将本模型用于任何违反法律法规的目的。未经许可，不得用于商业用途。\n";
constexpr std::string_view kTraditional =
    "本授權條款授予您使用、複製、修改及散布本模型之權利。\n"
    "您不得將本模型用於違反法令之目的；未經許可，不得作為商業用途使用。\n";
constexpr std::string_view kJapanese =
    "本ライセンスは、本モデルを使用し、複製し、改変し、再配布する権利を許諾します。\n"
    "法令に違反する目的で本モデルを使用してはなりません。商用利用には許可が必要です。\n";
constexpr std::string_view kKorean =
    "본 라이선스는 모델을 사용, 복제, 수정 및 배포할 권리를 부여합니다.\n"
    "법률을 위반하는 목적으로 모델을 사용할 수 없습니다. 상업적 이용은 허가가 필요합니다.\n";
constexpr std::string_view kRussian =
    "Настоящая лицензия разрешает использовать, копировать и изменять модель.\n"
    "Запрещается использовать модель в целях, нарушающих законодательство.\n";

// The bytes of `text` in another encoding, made here so that no such file is committed.
std::string Encoded(std::string_view text, const char* encoding) {
  const iconv_t converter = iconv_open(encoding, "UTF-8");
  std::string out(text.size() * 4 + 16, '\0');
  std::string in(text);
  char* from = in.data();
  size_t from_left = in.size();
  char* to = out.data();
  size_t to_left = out.size();
  EXPECT_EQ(iconv(converter, &from, &from_left, &to, &to_left), 0U) << encoding;
  iconv_close(converter);
  out.resize(out.size() - to_left);
  return out;
}

ContentKind KindOf(std::string_view bytes) { return Decode(bytes).kind; }

struct Sample {
  const char* encoding;  // as iconv names it
  std::string_view text;
  std::string_view found;
};

class EncodingTest : public ::testing::TestWithParam<Sample> {};

TEST_P(EncodingTest, BecomesTheSameUtf8) {
  const std::string bytes = Encoded(GetParam().text, GetParam().encoding);
  const Decoded decoded = Decode(bytes);
  EXPECT_EQ(decoded.kind, ContentKind::kText) << decoded.reason;
  EXPECT_EQ(decoded.text(), GetParam().text);
  EXPECT_EQ(decoded.encoding, GetParam().found);
  EXPECT_THAT(decoded.note, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Real, EncodingTest,
    ::testing::Values(
        Sample{"UTF-8", kEnglish, "UTF-8"}, Sample{"UTF-8", kChinese, "UTF-8"},
        Sample{"UTF-16", kEnglish, "UTF-16LE"}, Sample{"UTF-16", kChinese, "UTF-16LE"},
        Sample{"UTF-16LE", kEnglish, "UTF-16LE"}, Sample{"UTF-16BE", kEnglish, "UTF-16BE"},
        Sample{"UTF-16LE", kChinese, "UTF-16LE"}, Sample{"UTF-16BE", kChinese, "UTF-16BE"},
        Sample{"UTF-32", kEnglish, "UTF-32LE"}, Sample{"UTF-32LE", kEnglish, "UTF-32LE"},
        Sample{"UTF-32BE", kChinese, "UTF-32BE"}, Sample{"GB18030", kChinese, "GB18030"},
        Sample{"GBK", kChinese, "GB18030"}, Sample{"BIG5", kTraditional, "BIG5-HKSCS"},
        Sample{"SHIFT_JIS", kJapanese, "CP932"}, Sample{"EUC-JP", kJapanese, "EUC-JP"},
        Sample{"EUC-KR", kKorean, "CP949"}, Sample{"WINDOWS-1251", kRussian, "WINDOWS-1251"},
        Sample{"KOI8-R", kRussian, "KOI8-R"}, Sample{"WINDOWS-1252", kEnglish, "WINDOWS-1252"}),
    [](const auto& tested) {
      std::string name = absl::StrFormat("%d_%s", tested.index, tested.param.encoding);
      for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
      return name;
    });

TEST(DecodeTest, PassesUtf8OnWithoutACopy) {
  const std::string bytes = "\xEF\xBB\xBF" + std::string(kChinese);
  const Decoded decoded = Decode(bytes);
  EXPECT_EQ(decoded.text().data(), bytes.data() + 3) << "the byte order mark is no text";
  EXPECT_THAT(decoded.storage, IsEmpty());
}

TEST(DecodeTest, KeepsItsTextWhenMoved) {
  const std::string bytes = Encoded("MIT", "UTF-16");
  Decoded decoded = Decode(bytes);
  const Decoded moved = std::move(decoded);
  EXPECT_EQ(moved.text(), "MIT");
}

TEST(DecodeTest, ReadsOneBadByteInUtf8AsWindows1252) {
  const Decoded decoded = Decode("\xC2\xA9 2025 Zo\xC3\xAB, \xC3\xA9t\xC3\xA9\n\xA9 2026\n");
  EXPECT_EQ(decoded.text(), "\u00A9 2025 Zo\u00EB, \u00E9t\u00E9\n\u00A9 2026\n");
  EXPECT_EQ(decoded.encoding, "UTF-8");
  EXPECT_EQ(Decode("\xC2\xA9 2025\n\xA9 2026\n").text(), "\u00A9 2025\n\u00A9 2026\n");
}

TEST(DecodeTest, DropsALastCharacterThatIsCutOff) {
  const std::string bytes(kChinese.substr(0, 10));
  const Decoded decoded = Decode(bytes);
  EXPECT_EQ(decoded.text(), kChinese.substr(0, 9));
  EXPECT_THAT(decoded.storage, IsEmpty());
}

TEST(DecodeTest, ReadsShortChineseTextsInGbk) {
  const std::string bytes = Encoded("未经许可不得用于商业用途", "GBK");
  EXPECT_EQ(Decode(bytes).text(), "未经许可不得用于商业用途");
}

TEST(DecodeTest, ReadsEnglishWithChineseQuotes) {
  const std::string text =
      "\u201CModel\u201D means the weights\u2014all of them (\u2018it\u2019).\n";
  EXPECT_EQ(Decode(Encoded(text, "GBK")).text(), text);
}

TEST(DecodeTest, ReadsAChineseTextThatIsMostlyEnglish) {
  std::string text = "Model licence (模型许可协议)\n";
  for (int i = 0; i < 50; ++i) text += "You may use, copy and change the model for any purpose.\n";
  text += "授权范围：免费商用，需遵守当地法律法规\n";
  EXPECT_EQ(Decode(Encoded(text, "GB18030")).text(), text);
}

TEST(DecodeTest, TellsThatAFileIsEmpty) {
  EXPECT_EQ(KindOf(""), ContentKind::kEmpty);
  EXPECT_EQ(KindOf(" \r\n\t\n"), ContentKind::kEmpty);
  EXPECT_EQ(KindOf("\xEF\xBB\xBF\n"), ContentKind::kEmpty);
  EXPECT_EQ(KindOf("\xFF\xFE"), ContentKind::kEmpty);
  EXPECT_THAT(Decode("").reason, HasSubstr("empty"));
}

TEST(DecodeTest, TellsBinaryContentAndNamesItsFormat) {
  std::string random;
  uint32_t state = 1;
  for (int i = 0; i < 5000; ++i)
    random += static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  EXPECT_EQ(KindOf(random), ContentKind::kBinary);
  EXPECT_THAT(Decode("\x89PNG\r\n\x1A\n\0\0\0\rIHDR"sv).reason, HasSubstr("PNG"));
  EXPECT_THAT(Decode("\x7F"
                     "ELF\x02\x01\x01\0\0\0\0\0"sv)
                  .reason,
              HasSubstr("ELF"));
  EXPECT_THAT(Decode("\x48\0\0\0\0\0\0\0{\"weight\":{\"dtype\":\"F32\"}}"sv).reason,
              HasSubstr("safetensors"));
  EXPECT_EQ(KindOf("\xFF\xFE" + random), ContentKind::kBinary) << "a mark proves nothing";
}

TEST(DecodeTest, DoesNotRefuseATextForItsFirstWord) {
  EXPECT_EQ(KindOf("GGUF is a format. MIT License."), ContentKind::kText);
  EXPECT_EQ(KindOf("RIFF License: do what you like."), ContentKind::kText);
}

TEST(DecodeTest, ToleratesAFewControlCharacters) {
  EXPECT_EQ(KindOf("Page one\n\f\nPage two\x1A"), ContentKind::kText);
  EXPECT_EQ(KindOf("B\bBO\bOL\bLD\bD words of a manual page"), ContentKind::kText);
  EXPECT_EQ(KindOf(std::string(5000, 'a') + "\0"s + std::string(5000, 'b')), ContentKind::kText);
}

TEST(DecodeTest, TellsThatAPdfIsNotRead) {
  const Decoded decoded = Decode("%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n");
  EXPECT_EQ(decoded.kind, ContentKind::kPdf);
  EXPECT_THAT(decoded.reason, HasSubstr("PDF"));
  EXPECT_EQ(KindOf("A licence that mentions %PDF-1.7 is a text"), ContentKind::kText);
}

TEST(DecodeTest, TellsThatAnErrorPageIsNoText) {
  const Decoded decoded = Decode(
      "<!DOCTYPE html><html><head><title>Page\n not found</title><script>license()</script></head>"
      "<body><h1>404</h1><p>This is not the web page you are looking for.</p></body></html>");
  EXPECT_EQ(decoded.kind, ContentKind::kErrorPage);
  EXPECT_THAT(decoded.reason, HasSubstr("Page not found"));
  EXPECT_EQ(KindOf("<html><head><title>403 Forbidden</title></head><body><hr>nginx</body></html>"),
            ContentKind::kErrorPage);
  EXPECT_EQ(KindOf("<!doctype html>\n<title>Log in to continue</title><form>Password</form>"),
            ContentKind::kErrorPage);
  EXPECT_EQ(KindOf("404: Not Found"), ContentKind::kErrorPage);
  EXPECT_EQ(KindOf("Entry not found\n"), ContentKind::kErrorPage);
  EXPECT_EQ(KindOf("{\"error\":\"Invalid username or password.\"}"), ContentKind::kErrorPage);
}

TEST(DecodeTest, KeepsALicenceInHtml) {
  EXPECT_EQ(
      KindOf("<html><head><title>Errors and Omissions License</title></head><body><p>"
             "Permission is hereby granted, free of charge, to any person.</p></body></html>"),
      ContentKind::kText);
  EXPECT_EQ(KindOf("<html><title>My model</title><body>Sign in. MIT License.</body></html>"),
            ContentKind::kText);
  EXPECT_EQ(KindOf("Not found in this file: the licence"), ContentKind::kText);
}

TEST(DecodeTest, TellsThatAPointerIsNotTheFile) {
  EXPECT_EQ(KindOf("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12345\n"),
            ContentKind::kFilePointer);
}

TEST(DecodeTest, CutsALongTextAndSaysSo) {
  std::string bytes;
  while (bytes.size() < 50'000'000) bytes += kChinese;
  const Decoded decoded = Decode(bytes);
  EXPECT_EQ(decoded.kind, ContentKind::kText);
  EXPECT_LE(decoded.text().size(), kMaxDecodedBytes);
  EXPECT_GT(decoded.text().size(), kMaxDecodedBytes - 4);
  EXPECT_TRUE(IsUtf8(decoded.text())) << "cut inside a character";
  EXPECT_THAT(decoded.note, HasSubstr("of 50.0 MB"));
}

TEST(DecodeTest, SaysHowLargeAFileIsOfWhichItSawTheBeginning) {
  EXPECT_THAT(Decode("MIT License", 70'000'000).note, HasSubstr("of 70.0 MB"));
}

TEST(DecodeTest, CutsEveryOtherEncodingAtAWholeCharacter) {
  std::string text;
  while (text.size() < 3 * kMaxDecodedBytes) text += kChinese;
  for (const char* encoding : {"UTF-16", "UTF-32", "GB18030"}) {
    const Decoded decoded = Decode(Encoded(text, encoding));
    EXPECT_LE(decoded.text().size(), kMaxDecodedBytes) << encoding;
    EXPECT_EQ(decoded.text(), text.substr(0, decoded.text().size())) << encoding;
    EXPECT_TRUE(decoded.is_cut) << encoding;
  }
}

TEST(DecodeTest, DecodesWhatItDecodedToItself) {
  for (const std::string_view text : {kEnglish, kChinese, kJapanese, kKorean, kRussian}) {
    const Decoded once = Decode(Encoded(text, "UTF-16"));
    const Decoded twice = Decode(once.text());
    EXPECT_EQ(twice.text(), once.text());
    EXPECT_EQ(twice.text().data(), once.text().data());
  }
}

TEST(BytesTest, CountsHighAndControlBytesWherever) {
  for (size_t length : {0U, 1U, 15U, 16U, 17U, 4079U, 4080U, 4081U, 10000U}) {
    std::string bytes(length, 'a');
    for (size_t at = 0; at < length; at += 3) bytes[at] = '\xE4';
    for (size_t at = 1; at < length; at += 5) bytes[at] = '\x01';
    for (size_t at = 2; at < length; at += 7) bytes[at] = '\n';
    size_t high = 0;
    size_t controls = 0;
    for (const char c : bytes) {
      high += static_cast<uint8_t>(c) >= 0x80 ? 1 : 0;
      controls += c == '\x01' ? 1 : 0;
    }
    EXPECT_EQ(CountBytes(bytes).high, high) << length;
    EXPECT_EQ(CountBytes(bytes).controls, controls) << length;
    EXPECT_EQ(CountBytes(bytes).first_nul, length);
  }
  for (int byte = 0; byte < 256; ++byte) {
    const std::string one(1, static_cast<char>(byte));
    const std::string sixteen(16, static_cast<char>(byte));
    EXPECT_EQ(CountBytes(sixteen).controls, 16 * CountBytes(one).controls) << byte;
  }
}

TEST(BytesTest, KnowsWellFormedUtf8ByTheRulesOfRfc3629) {
  EXPECT_TRUE(IsUtf8("\x7F \xC2\x80 \xE0\xA0\x80 \xEF\xBF\xBF \xF0\x90\x80\x80 \xF4\x8F\xBF\xBF"));
  EXPECT_FALSE(IsUtf8("\xC0\x80")) << "not the shortest form";
  EXPECT_FALSE(IsUtf8("\xE0\x9F\xBF")) << "not the shortest form";
  EXPECT_FALSE(IsUtf8("\xED\xA0\x80")) << "a surrogate";
  EXPECT_FALSE(IsUtf8("\xF4\x90\x80\x80")) << "beyond U+10FFFF";
  EXPECT_FALSE(IsUtf8("abcdefgh\xE4\xBD")) << "cut off";
  EXPECT_FALSE(IsUtf8("\x80"));
}

}  // namespace
}  // namespace modelwatch::evaluator
