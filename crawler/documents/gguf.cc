// SPDX-License-Identifier: Apache-2.0
#include "crawler/documents/gguf.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "proto/validate.h"

namespace modelwatch::crawler {
namespace {

constexpr uint32_t kShortVersion = 1;  // lengths and counts of 32 bits
constexpr uint32_t kNewestVersion = 3;
constexpr size_t kMaxKeyBytes = 65'535;  // by the format
constexpr int kMaxNesting = 4;           // arrays of arrays; none is known
constexpr uint32_t kMaxBases = 16;       // a merge of more is not known
constexpr size_t kMaxBaseBytes = 512;
constexpr std::string_view kGeneral = "general.";
constexpr std::string_view kBase = "general.base_model.";
enum Type : uint32_t { kString = 8, kArray = 9 };
// By type: u8 i8 u16 i16 u32 i32 f32 bool, string, array, u64 i64 f64.
constexpr size_t kTypeBytes[] = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

absl::Status Bad(std::string_view what) {
  return absl::InvalidArgumentError(absl::StrFormat("read GGUF header: %s", what));
}

bool Begins(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

// Takes values off the front. A value that goes beyond the end is OUT_OF_RANGE: not the file's
// fault, we only have its first bytes.
class Bytes {
 public:
  explicit Bytes(std::string_view rest) : rest_(rest) {}

  // A version that reads as impossible in one byte order is read in the other.
  absl::StatusOr<uint32_t> TakeVersion() {
    ASSIGN_OR_RETURN(uint32_t version, Take<uint32_t>());
    is_swapped_ = version > 0xFFFF;
    if (is_swapped_) version = __builtin_bswap32(version);
    is_short_ = version == kShortVersion;
    return version;
  }

  template <typename Number>
  absl::StatusOr<Number> Take() {
    if (rest_.size() < sizeof(Number)) return absl::OutOfRangeError("");
    char raw[sizeof(Number)];
    std::memcpy(raw, rest_.data(), sizeof(raw));
    if (is_swapped_) std::reverse(std::begin(raw), std::end(raw));
    Number number;
    std::memcpy(&number, raw, sizeof(raw));
    rest_.remove_prefix(sizeof(raw));
    return number;
  }

  absl::StatusOr<uint64_t> TakeCount() {
    if (!is_short_) return Take<uint64_t>();
    ASSIGN_OR_RETURN(const uint32_t count, Take<uint32_t>());
    return uint64_t{count};
  }

  absl::StatusOr<std::string_view> TakeString() {
    ASSIGN_OR_RETURN(const uint64_t size, TakeCount());
    if (size > rest_.size()) return absl::OutOfRangeError("");
    const std::string_view text = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return text;
  }

  absl::Status Skip(uint64_t count, size_t each) {
    if (count > rest_.size() / each) return absl::OutOfRangeError("");
    rest_.remove_prefix(count * each);
    return absl::OkStatus();
  }

 private:
  std::string_view rest_;
  bool is_swapped_ = false;
  bool is_short_ = false;
};

// Passes over a value; the text of a string.
absl::StatusOr<std::string_view> TakeValue(Bytes& bytes, uint32_t type, int nesting) {
  if (type == kString) return bytes.TakeString();
  if (type != kArray) {
    if (type >= std::size(kTypeBytes)) return Bad(absl::StrFormat("a value of type %d", type));
    RETURN_IF_ERROR(bytes.Skip(1, kTypeBytes[type]));
    return std::string_view();
  }
  if (nesting == kMaxNesting) return Bad("arrays nested deeper than anybody writes them");
  ASSIGN_OR_RETURN(const uint32_t of, bytes.Take<uint32_t>());
  ASSIGN_OR_RETURN(const uint64_t count, bytes.TakeCount());
  if (of < std::size(kTypeBytes) && of != kString && of != kArray) {
    RETURN_IF_ERROR(bytes.Skip(count, kTypeBytes[of]));
    return std::string_view();
  }
  // Every one takes bytes, so that the end comes before a count that lies.
  for (uint64_t i = 0; i < count; ++i) {
    RETURN_IF_ERROR(TakeValue(bytes, of, nesting + 1).status());
  }
  return std::string_view();
}

// What is known while the fields are read.
struct Reading {
  GgufLicence licence;
  std::map<uint32_t, std::string> base_names, base_addresses;
  bool has_left_general = false;
};

// "general.base_model.0.name", ".repo_url" or ".organization" (which the name repeats).
void TakeBase(std::string_view key, std::string_view value, Reading& reading) {
  key.remove_prefix(kBase.size());
  const size_t dot = key.find('.');
  uint32_t number = 0;
  if (dot == std::string_view::npos ||
      !absl::SimpleAtoi(std::string(key.substr(0, dot)), &number) || number >= kMaxBases) {
    return;
  }
  const std::string_view what = key.substr(dot + 1);
  const std::string text = proto::ToValidUtf8(value.substr(0, kMaxBaseBytes));
  if (what == "name") reading.base_names[number] = text;
  if (what == "repo_url") reading.base_addresses[number] = text;
}

absl::Status TakeField(Bytes& bytes, Reading& reading) {
  ASSIGN_OR_RETURN(const std::string_view key, bytes.TakeString());
  if (key.empty() || key.size() > kMaxKeyBytes) return Bad("a key of no or of impossible length");
  if (!Begins(key, kGeneral)) reading.has_left_general = true;
  ASSIGN_OR_RETURN(const uint32_t type, bytes.Take<uint32_t>());
  ASSIGN_OR_RETURN(const std::string_view value, TakeValue(bytes, type, 0));
  if (type != kString) return absl::OkStatus();
  proto::HeaderFields& fields = reading.licence.fields;
  std::string* field = key == "general.license"        ? &fields.licence
                       : key == "general.license.name" ? &fields.name
                       : key == "general.license.link" ? &fields.link
                                                       : nullptr;
  if (field != nullptr) *field = proto::ToValidUtf8(value);
  if (Begins(key, kBase)) TakeBase(key, value, reading);
  return absl::OkStatus();
}

absl::Status ReadFields(Bytes& bytes, Reading& reading) {
  ASSIGN_OR_RETURN(const uint32_t version, bytes.TakeVersion());
  if (version < kShortVersion || version > kNewestVersion) {
    return Bad(absl::StrFormat("version %d", version));
  }
  RETURN_IF_ERROR(bytes.TakeCount().status());  // tensors
  ASSIGN_OR_RETURN(const uint64_t fields, bytes.TakeCount());
  for (uint64_t i = 0; i < fields; ++i) RETURN_IF_ERROR(TakeField(bytes, reading));
  return absl::OkStatus();
}

void AddBases(Reading& reading) {
  for (uint32_t i = 0; i < kMaxBases; ++i) {
    std::string base = reading.base_names[i];
    const std::string& address = reading.base_addresses[i];
    if (!base.empty() && !address.empty()) base += ' ';
    base += address;
    if (!base.empty()) reading.licence.fields.bases.push_back(std::move(base));
  }
}

}  // namespace

absl::StatusOr<GgufLicence> ReadGgufLicence(std::string_view head) {
  constexpr std::string_view kMagic = "GGUF";
  if (!Begins(head, kMagic)) return Bad("it does not begin with GGUF");
  Bytes bytes(head.substr(kMagic.size()));
  Reading reading;
  const absl::Status status = ReadFields(bytes, reading);
  if (!status.ok() && !absl::IsOutOfRange(status)) return status;
  AddBases(reading);
  reading.licence.is_whole = status.ok();
  reading.licence.wants_more = !status.ok() && !reading.has_left_general;
  return std::move(reading.licence);
}

}  // namespace modelwatch::crawler
