// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/encoding.h"

#include <iconv.h>
#include <uchardet/uchardet.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace modelwatch::evaluator {
namespace {

constexpr size_t kSampleBytes = 32 << 10;
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

using Lanes = uint8_t __attribute__((vector_size(16)));

uint8_t ByteAt(std::string_view bytes, size_t at) { return static_cast<uint8_t>(bytes[at]); }

// Backspace to carriage return stand in texts (and form feeds), so do the DOS end of file and the
// escape of terminal colours.
bool IsControl(uint8_t byte) {
  return byte < 8 || (byte >= 14 && byte < 32 && byte != 26 && byte != 27) || byte == 127;
}

size_t Sum(const Lanes& lanes) {
  size_t sum = 0;
  for (size_t i = 0; i < sizeof(Lanes); ++i) sum += lanes[i];
  return sum;
}

void AppendCode(std::string& out, uint32_t code) {
  const auto put = [&out](uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) return put(code);
  if (code < 0x800) {
    put(0xC0 | code >> 6);
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
  }
  put(0x80 | (code & 0x3F));
}

// 0x80 to 0x9F; the five bytes that are not assigned stay C1 controls, as browsers read them.
// Source: https://encoding.spec.whatwg.org/index-windows-1252.txt (read 2026-11).
constexpr std::array<uint16_t, 32> kWindows1252 = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

uint32_t CodeOfWindows1252(uint8_t byte) {
  return byte >= 0x80 && byte < 0xA0 ? kWindows1252[byte - 0x80] : byte;
}

Converted FromWindows1252(std::string_view bytes, size_t max_bytes) {
  Converted out;
  out.text.reserve(std::min(bytes.size() + bytes.size() / 8, max_bytes));
  while (out.read < bytes.size() && out.text.size() + 3 <= max_bytes) {
    const size_t room = std::min(bytes.size(), out.read + max_bytes - 2 - out.text.size());
    size_t end = out.read;
    while (end < room && ByteAt(bytes, end) < 0x80) ++end;
    out.text.append(bytes, out.read, end - out.read);
    out.read = end;
    if (end == room) continue;
    AppendCode(out.text, CodeOfWindows1252(ByteAt(bytes, end)));
    ++out.read;
  }
  return out;
}

// A unit of UTF-16 that texts are made of: alphabets, punctuation, kana, everyday ideographs,
// Hangul, full width forms. Two thirds of all units, so random bytes stay below every threshold
// here.
bool IsPlausibleUnit(uint32_t unit) {
  if (unit < 0x80) return !IsControl(static_cast<uint8_t>(unit));
  return (unit >= 0xA0 && unit < 0x2700) || (unit >= 0x3000 && unit < 0x3100) ||
         (unit >= 0x4E00 && unit < 0xA000) || (unit >= 0xAC00 && unit < 0xD7A4) ||
         (unit >= 0xFF00 && unit < 0xFFF0);
}

size_t UnitBytesOf(std::string_view encoding) {
  if (encoding.substr(0, 6) == "UTF-32") return 4;
  return encoding.substr(0, 6) == "UTF-16" ? 2 : 1;
}

// Characters outside ASCII in well-formed UTF-8.
size_t CountCharacters(std::string_view utf8) {
  return static_cast<size_t>(std::count_if(utf8.begin(), utf8.end(),
                                           [](char c) { return static_cast<uint8_t>(c) >= 0xC0; }));
}

struct HighRuns {
  size_t runs = 0;
  size_t single = 0;        // runs of one byte
  size_t common_hanzi = 0;  // pairs in the first level of GB 2312, the 3,755 everyday characters
  size_t pairs = 0;
  size_t gb_marks = 0;  // pairs that are punctuation of GB 2312
};

// Dashes, quotes, brackets, signs, full width letters, accented Latin letters. Read as Windows-1252
// each would be a sign that no text has, followed by another.
bool IsMarkOfGb(uint8_t lead, uint8_t trail) {
  if (lead == 0xA1) return trail == 0xA4 || (trail >= 0xAA && trail <= 0xFE);
  if (lead == 0xA2 || lead == 0xA3) return trail >= 0xA1 && trail <= 0xFE;
  return lead == 0xA8 && trail >= 0xA1 && trail <= 0xBF;
}

HighRuns CountHighRuns(std::string_view bytes) {
  HighRuns counts;
  for (size_t at = 0; at < bytes.size();) {
    if (ByteAt(bytes, at) < 0x80) {
      ++at;
      continue;
    }
    const size_t begin = at;
    while (at < bytes.size() && ByteAt(bytes, at) >= 0x80) ++at;
    ++counts.runs;
    counts.single += at - begin == 1 ? 1 : 0;
    for (size_t pair = begin; pair + 1 < at; pair += 2) {
      ++counts.pairs;
      const uint8_t lead = ByteAt(bytes, pair);
      const uint8_t trail = ByteAt(bytes, pair + 1);
      counts.gb_marks += IsMarkOfGb(lead, trail) ? 1 : 0;
      counts.common_hanzi += lead >= 0xB0 && lead <= 0xD7 && trail >= 0xA1 ? 1 : 0;
    }
  }
  return counts;
}

struct KnownCodePage {
  std::string_view detected;  // as uchardet 0.0.7 names it
  std::string_view encoding;  // as iconv of glibc 2.36 does; a superset that real files use
};

// What uchardet may say and we believe. It knows more (Thai, Vietnamese, Hebrew, ...), and says so
// too readily on short European texts, where only a name is at stake.
constexpr std::array<KnownCodePage, 13> kCodePages = {{{"GB18030", "GB18030"},
                                                       {"BIG5", "BIG5-HKSCS"},
                                                       {"EUC-TW", "EUC-TW"},
                                                       {"SHIFT_JIS", "CP932"},
                                                       {"EUC-JP", "EUC-JP"},
                                                       {"ISO-2022-JP", "ISO-2022-JP"},
                                                       {"EUC-KR", "CP949"},
                                                       {"UHC", "CP949"},
                                                       {"KOI8-R", "KOI8-R"},
                                                       {"WINDOWS-1251", "WINDOWS-1251"},
                                                       {"ISO-8859-5", "ISO-8859-5"},
                                                       {"ISO-8859-7", "ISO-8859-7"},
                                                       {"WINDOWS-1253", "WINDOWS-1253"}}};

// The bytes that tell encodings apart: runs of high bytes, each with the byte behind it, which may
// be the second half of a character. uchardet takes up to 0.7 us a byte, so that it gets 2 KiB of
// them: a thousand characters, and 1.5 ms on the worst of inputs.
std::string DenseSample(std::string_view bytes) {
  constexpr size_t kDenseBytes = 2048;
  std::string dense;
  for (size_t at = 0; at < bytes.size() && dense.size() < kDenseBytes; ++at) {
    const bool follows = at > 0 && ByteAt(bytes, at - 1) >= 0x80;
    if (ByteAt(bytes, at) >= 0x80 || follows) dense += bytes[at];
  }
  return dense;
}

std::string_view Detected(std::string_view sample) {
  const std::unique_ptr<uchardet, void (*)(uchardet_t)> detector(uchardet_new(), &uchardet_delete);
  if (uchardet_handle_data(detector.get(), sample.data(), sample.size()) != 0) return {};
  uchardet_data_end(detector.get());
  const std::string_view name = uchardet_get_charset(detector.get());
  for (const KnownCodePage& page : kCodePages) {
    if (page.detected == name) return page.encoding;
  }
  return {};
}

}  // namespace

ByteCensus CountBytes(std::string_view bytes) {
  ByteCensus census;
  census.first_nul = std::min(bytes.find('\0'), bytes.size());
  size_t at = 0;
  constexpr size_t kBlocks = 255;  // a lane counts to 255
  while (bytes.size() - at >= sizeof(Lanes)) {
    Lanes high{};
    Lanes controls{};
    const size_t blocks = std::min(kBlocks, (bytes.size() - at) / sizeof(Lanes));
    for (size_t block = 0; block < blocks; ++block, at += sizeof(Lanes)) {
      Lanes v;
      std::memcpy(&v, bytes.data() + at, sizeof(v));
      high -= reinterpret_cast<Lanes>(v >= 0x80);
      controls -= reinterpret_cast<Lanes>((v < 8) | ((v >= 14) & (v < 32) & (v != 26) & (v != 27)) |
                                          (v == 127));
    }
    census.high += Sum(high);
    census.controls += Sum(controls);
  }
  for (; at < bytes.size(); ++at) {
    census.high += ByteAt(bytes, at) >= 0x80 ? 1 : 0;
    census.controls += IsControl(ByteAt(bytes, at)) ? 1 : 0;
  }
  return census;
}

size_t Utf8CharacterAt(std::string_view bytes, size_t at) {
  const uint8_t lead = ByteAt(bytes, at);
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  const size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (bytes.size() - at < length) return 0;
  const uint8_t second = ByteAt(bytes, at + 1);
  const uint8_t lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const uint8_t highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (second < lowest || second > highest) return 0;
  for (size_t i = 2; i < length; ++i) {
    if ((ByteAt(bytes, at + i) & 0xC0) != 0x80) return 0;
  }
  return length;
}

size_t WellFormedPrefix(std::string_view bytes, size_t from) {
  constexpr uint64_t kHighBits = 0x8080808080808080;
  size_t at = from;
  while (at < bytes.size()) {
    if (ByteAt(bytes, at) >= 0x80) {
      const size_t length = Utf8CharacterAt(bytes, at);
      if (length == 0) return at;
      at += length;
      continue;
    }
    uint64_t eight = 0;
    while (bytes.size() - at >= sizeof(eight)) {
      std::memcpy(&eight, bytes.data() + at, sizeof(eight));
      if ((eight & kHighBits) != 0) break;
      at += sizeof(eight);
    }
    while (at < bytes.size() && ByteAt(bytes, at) < 0x80) ++at;
  }
  return at;
}

bool IsUtf8(std::string_view bytes) { return WellFormedPrefix(bytes, 0) == bytes.size(); }

bool IsMostlyUtf8(std::string_view bytes) {
  const size_t first_bad = WellFormedPrefix(bytes, 0);
  const size_t sample_end = std::min(bytes.size(), first_bad + kSampleBytes);
  size_t well_formed = CountCharacters(bytes.substr(0, first_bad));
  size_t malformed = 0;
  size_t alone = 0;  // malformed bytes with no high byte beside them
  for (size_t at = first_bad; at < sample_end; ++at) {
    ++malformed;
    const bool follows_high = at > 0 && ByteAt(bytes, at - 1) >= 0x80;
    const bool precedes_high = at + 1 < bytes.size() && ByteAt(bytes, at + 1) >= 0x80;
    alone += follows_high || precedes_high ? 0 : 1;
    const size_t end = WellFormedPrefix(bytes.substr(0, sample_end), at + 1);
    well_formed += CountCharacters(bytes.substr(at + 1, end - at - 1));
    at = end - 1;
  }
  return well_formed > 0 && (alone == malformed || well_formed >= 3 * malformed);
}

double PlausibleShareOf(std::string_view bytes, std::string_view encoding) {
  const size_t width = UnitBytesOf(encoding);
  const bool is_little = encoding.substr(encoding.size() - 2) == "LE";
  const size_t units = std::min(bytes.size(), kSampleBytes) / width;
  if (units == 0) return 0;
  size_t plausible = 0;
  for (size_t unit = 0; unit < units; ++unit) {
    uint32_t code = 0;
    for (size_t i = 0; i < width; ++i) {
      const size_t from_top = is_little ? width - 1 - i : i;
      code = code << 8 | ByteAt(bytes, unit * width + from_top);
    }
    plausible += IsPlausibleUnit(code) ? 1 : 0;
  }
  return static_cast<double>(plausible) / static_cast<double>(units);
}

std::string_view WideEncodingOf(std::string_view bytes) {
  if (bytes.find('\0') == std::string_view::npos) return {};
  constexpr double kEnough = 0.97;
  std::string_view best;
  double best_share = kEnough;
  // The wider first: UTF-32 read as UTF-16 has a zero unit after each, which is not plausible.
  for (const std::string_view encoding : {"UTF-32LE", "UTF-32BE", "UTF-16LE", "UTF-16BE"}) {
    const double share = PlausibleShareOf(bytes, encoding);
    if (share > best_share) {
      best = encoding;
      best_share = share;
    }
  }
  return best;
}

std::string_view CodePageOf(std::string_view bytes) {
  constexpr std::string_view kFallback = "WINDOWS-1252";
  size_t first_high = 0;
  while (first_high < bytes.size() && ByteAt(bytes, first_high) < 0x80) ++first_high;
  const std::string_view sample = bytes.substr(first_high, kSampleBytes);
  const HighRuns counts = CountHighRuns(sample);
  // Letters with accents and copyright signs stand alone, characters of two bytes do not.
  if (counts.single * 4 >= counts.runs * 3) return kFallback;
  // An English text typed on a Chinese keyboard: nothing but quotes and dashes.
  if (counts.pairs > 0 && counts.gb_marks == counts.pairs && counts.single == 0) return "GB18030";
  if (const std::string_view found = Detected(DenseSample(sample)); !found.empty()) return found;
  // Too short for statistics over characters, yet made of everyday ones.
  if (counts.pairs >= 4 && counts.common_hanzi * 10 >= counts.pairs * 6) return "GB18030";
  return kFallback;
}

Converted ConvertToUtf8(std::string_view bytes, std::string_view encoding, size_t max_bytes) {
  if (encoding == "WINDOWS-1252") return FromWindows1252(bytes, max_bytes);
  const iconv_t converter = iconv_open("UTF-8", std::string(encoding).c_str());
  // The C library came without its tables: every byte still is some character.
  if (converter == reinterpret_cast<iconv_t>(-1))
    return FromWindows1252(bytes, max_bytes);  // NOLINT
  const size_t width = UnitBytesOf(encoding);
  Converted out;
  max_bytes = std::min(max_bytes, bytes.size() * 3 + kReplacement.size());  // no byte gives more
  out.text.resize(max_bytes);
  char* in = const_cast<char*>(bytes.data());  // iconv does not write there
  size_t in_left = bytes.size();
  char* to = out.text.data();
  size_t to_left = max_bytes;
  while (in_left > 0 && iconv(converter, &in, &in_left, &to, &to_left) == static_cast<size_t>(-1)) {
    if (errno == E2BIG || to_left < kReplacement.size()) break;
    to = std::copy(kReplacement.begin(), kReplacement.end(), to);
    to_left -= kReplacement.size();
    ++out.malformed;
    const size_t skipped = std::min(width, in_left);
    in += skipped;
    in_left -= skipped;
  }
  iconv_close(converter);
  out.read = bytes.size() - in_left;
  out.text.resize(max_bytes - to_left);
  return out;
}

Converted RepairUtf8(std::string_view bytes, size_t max_bytes) {
  Converted out;
  out.text.reserve(std::min(bytes.size() + bytes.size() / 8, max_bytes));
  while (out.read < bytes.size() && out.text.size() + 4 <= max_bytes) {
    const std::string_view window = bytes.substr(0, out.read + max_bytes - out.text.size());
    const size_t end = WellFormedPrefix(window, out.read);
    out.text.append(bytes, out.read, end - out.read);
    out.read = end;
    if (end == bytes.size() || out.text.size() + 4 > max_bytes) break;
    AppendCode(out.text, CodeOfWindows1252(ByteAt(bytes, end)));
    ++out.malformed;
    ++out.read;
  }
  return out;
}

}  // namespace modelwatch::evaluator
