// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/decode.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "evaluator/license/encoding.h"
#include "evaluator/license/error_page.h"

namespace modelwatch::evaluator {
namespace {

using namespace std::string_view_literals;

struct Signature {
  std::string_view bytes;
  size_t at;
  std::string_view what;
};

// Names for binary content that often stands beside licences; that it is binary is known by its
// characters, so no text is refused for its first word. Source: the magic files of file 5.44.
constexpr std::array kSignatures = {
    Signature{"\x7F"
              "ELF"sv,
              0, "a program (ELF)"},
    Signature{"MZ\x90\0"sv, 0, "a Windows program"},
    Signature{"\x89PNG\r\n\x1A\n"sv, 0, "a picture (PNG)"},
    Signature{"\xFF\xD8\xFF"sv, 0, "a picture (JPEG)"},
    Signature{"GIF87a"sv, 0, "a picture (GIF)"},
    Signature{"GIF89a"sv, 0, "a picture (GIF)"},
    Signature{"RIFF"sv, 0, "a media file (RIFF)"},
    Signature{"PK\x03\x04"sv, 0, "a ZIP archive or an office document"},
    Signature{"PK\x05\x06"sv, 0, "an empty ZIP archive"},
    Signature{"\x1F\x8B"sv, 0, "compressed data (gzip)"},
    Signature{"\x28\xB5\x2F\xFD"sv, 0, "compressed data (zstd)"},
    Signature{"\xFD\x37zXZ\0"sv, 0, "compressed data (xz)"},
    Signature{"BZh"sv, 0, "compressed data (bzip2)"},
    Signature{"7z\xBC\xAF\x27\x1C"sv, 0, "an archive (7-Zip)"},
    Signature{"!<arch>\n"sv, 0, "an archive (ar)"},
    Signature{"ustar"sv, 257, "an archive (tar)"},
    Signature{"GGUF"sv, 0, "weights (GGUF)"},
    Signature{"\x89HDF\r\n\x1A\n"sv, 0, "weights (HDF5)"},
    Signature{"SQLite format 3\0"sv, 0, "a database (SQLite)"},
    Signature{"PAR1"sv, 0, "a table (Parquet)"},
    Signature{"\0asm"sv, 0, "a program (WebAssembly)"},
    Signature{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, 0, "an old office document"}};

std::string Megabytes(size_t bytes) {
  return absl::StrFormat("%.1f MB", static_cast<double>(bytes) / 1e6);
}

// Source: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md (read 2026-11).
constexpr std::string_view kPointerHead = "version https://git-lfs.github.com/spec/v1";

Decoded NoText(ContentKind kind, std::string reason) {
  Decoded decoded;
  decoded.kind = kind;
  decoded.reason = std::move(reason);
  return decoded;
}

// "a picture (PNG)"; empty when no signature stands there.
std::string_view SignatureOf(std::string_view bytes) {
  for (const Signature& signature : kSignatures) {
    if (bytes.size() >= signature.at &&
        bytes.substr(signature.at, signature.bytes.size()) == signature.bytes) {
      return signature.what;
    }
  }
  // A length of 8 bytes, then JSON. Source: https://github.com/huggingface/safetensors (read
  // 2026-11).
  if (bytes.size() > 9 && bytes.substr(4, 4) == "\0\0\0\0"sv && bytes.substr(8, 2) == "{\"") {
    return "weights (safetensors)";
  }
  return {};
}

// Readers of PDF look for its mark in the first 1,024 bytes; in a licence the mark would be a
// quotation, so it has to begin a line.
bool IsPdf(std::string_view bytes) {
  const std::string_view head = bytes.substr(0, 1024);
  const size_t at = head.find("%PDF-");
  if (at == std::string_view::npos) return false;
  return at == 0 || head[at - 1] == '\n' || head[at - 1] == '\r' ||
         head.substr(0, at).find('\0') != std::string_view::npos;
}

// One control character in 200 is a text that suffered (overstrike, page breaks); a zero byte near
// the top never is.
bool LooksBinary(const ByteCensus& census, size_t length) {
  constexpr size_t kHeadBytes = 1024;
  return census.controls * 200 > length || census.first_nul < std::min(kHeadBytes, length);
}

// The longest beginning of at most `max_bytes` that does not cut a character of UTF-8.
std::string_view HeadOf(std::string_view text, size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  size_t end = max_bytes;
  while (end > max_bytes - 4 && (static_cast<uint8_t>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

Decoded Pdf() {
  return NoText(ContentKind::kPdf, "a PDF document, whose text is not read; give its text instead");
}

struct Wide {
  std::string_view mark, encoding;
};

// The longer first: the mark of UTF-32LE begins with that of UTF-16LE.
constexpr std::array kWideMarks = {Wide{"\xFF\xFE\0\0"sv, "UTF-32LE"},
                                   Wide{"\0\0\xFE\xFF"sv, "UTF-32BE"},
                                   Wide{"\xFF\xFE"sv, "UTF-16LE"}, Wide{"\xFE\xFF"sv, "UTF-16BE"}};

Decoded FromConverted(Converted converted, std::string_view encoding, size_t left) {
  Decoded decoded;
  decoded.encoding = encoding;
  decoded.storage = std::move(converted.text);
  decoded.is_cut = converted.read < left;
  return decoded;
}

// Neither UTF-8 nor wide. Most of a text in UTF-8 is well-formed even when some bytes are not.
Decoded FromCodePage(std::string_view bytes) {
  if (IsMostlyUtf8(bytes.substr(0, kMaxDecodedBytes))) {
    return FromConverted(RepairUtf8(bytes, kMaxDecodedBytes), "UTF-8", bytes.size());
  }
  const std::string_view encoding = CodePageOf(bytes);
  // A few bad characters are a damage; more of them are a wrong guess, known from the beginning.
  constexpr size_t kTrialBytes = 32 << 10;
  const Converted trial = ConvertToUtf8(bytes.substr(0, kTrialBytes), encoding, kMaxDecodedBytes);
  const bool is_sound = trial.malformed * 100 <= trial.read;
  const std::string_view chosen = is_sound ? encoding : "WINDOWS-1252";
  return FromConverted(ConvertToUtf8(bytes, chosen, kMaxDecodedBytes), chosen, bytes.size());
}

Decoded Binary(std::string_view bytes) {
  const std::string_view what = SignatureOf(bytes);
  return NoText(ContentKind::kBinary,
                absl::StrFormat("%s, not a text", what.empty() ? "binary content" : what));
}

// A byte order mark alone proves nothing: random bytes begin with one, too.
Decoded FromWide(std::string_view bytes, std::string_view encoding) {
  constexpr double kEnough = 0.85;
  if (bytes.size() >= 4 && PlausibleShareOf(bytes, encoding) < kEnough) return Binary(bytes);
  Converted converted = ConvertToUtf8(bytes, encoding, kMaxDecodedBytes);
  if (LooksBinary(CountBytes(converted.text), converted.text.size())) return Binary(bytes);
  return FromConverted(std::move(converted), encoding, bytes.size());
}

Decoded FromUtf8(std::string_view bytes, size_t head_size) {
  Decoded decoded;
  decoded.encoding = "UTF-8";
  decoded.borrowed = bytes.substr(0, head_size);
  decoded.is_cut = head_size < bytes.size();
  return decoded;
}

// Well-formed, or cut in the middle of its last character (a lead byte, and not all that follow).
bool IsWholeButForItsEnd(std::string_view head, size_t sound, size_t high_bytes) {
  const size_t rest = head.size() - sound;
  return rest == 0 || (rest < 4 && high_bytes > rest && static_cast<uint8_t>(head[sound]) >= 0xC2);
}

// kText, or kBinary with its reason.
Decoded ReadCharacters(std::string_view bytes) {
  for (const Wide& wide : kWideMarks) {
    if (bytes.substr(0, wide.mark.size()) != wide.mark) continue;
    return FromWide(bytes.substr(wide.mark.size()), wide.encoding);
  }
  const std::string_view head = HeadOf(bytes, kMaxDecodedBytes);
  const ByteCensus census = CountBytes(head);
  if (LooksBinary(census, head.size())) {
    const std::string_view wide = WideEncodingOf(bytes);
    return wide.empty() ? Binary(bytes) : FromWide(bytes, wide);
  }
  if (census.high == 0) return FromUtf8(bytes, head.size());
  const size_t sound = WellFormedPrefix(head, 0);
  if (IsWholeButForItsEnd(head, sound, census.high)) return FromUtf8(bytes, sound);
  return FromCodePage(bytes);
}

// Byte order marks at the top of a text in UTF-8: editors that join files leave more than one.
void RemoveMarks(Decoded& decoded) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  size_t marks = 0;
  while (decoded.text().substr(marks, kMark.size()) == kMark) marks += kMark.size();
  if (decoded.storage.empty()) {
    decoded.borrowed.remove_prefix(marks);
  } else {
    decoded.storage.erase(0, marks);
  }
}

bool IsBlank(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isspace(static_cast<unsigned char>(c)); });
}

}  // namespace

Decoded Decode(std::string_view bytes, size_t whole_bytes) {
  if (bytes.empty()) return NoText(ContentKind::kEmpty, "the file is empty");
  if (IsPdf(bytes)) return Pdf();
  Decoded decoded = ReadCharacters(bytes);
  if (decoded.kind != ContentKind::kText) return decoded;
  RemoveMarks(decoded);
  const std::string_view text = decoded.text();
  if (IsBlank(text)) return NoText(ContentKind::kEmpty, "the file has nothing but white space");
  if (IsPdf(text)) return Pdf();
  if (text.substr(0, kPointerHead.size()) == kPointerHead) {
    return NoText(ContentKind::kFilePointer,
                  "a Git LFS pointer, which stands for a file that was not fetched");
  }
  if (std::string reason = ErrorPageReason(text); !reason.empty()) {
    return NoText(ContentKind::kErrorPage, std::move(reason));
  }
  whole_bytes = std::max(whole_bytes, bytes.size());
  if (decoded.is_cut || whole_bytes > bytes.size()) {
    decoded.note = absl::StrFormat("only the first %s of text were read of %s",
                                   Megabytes(text.size()), Megabytes(whole_bytes));
  }
  return decoded;
}

}  // namespace modelwatch::evaluator
