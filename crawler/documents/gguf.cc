// SPDX-License-Identifier: Apache-2.0
#include "crawler/documents/gguf.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>

#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "proto/validate.h"

namespace modelwatch::crawler {
namespace {

constexpr uint32_t kOldestVersion = 2;
constexpr uint32_t kNewestVersion = 3;
constexpr size_t kMaxKeyBytes = 65'535;  // by the format
constexpr int kMaxNesting = 4;           // arrays of arrays; none is known
enum Type : uint32_t { kString = 8, kArray = 9 };
// By type: u8 i8 u16 i16 u32 i32 f32 bool, string, array, u64 i64 f64.
constexpr size_t kTypeBytes[] = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

absl::Status Bad(std::string_view what) {
  return absl::InvalidArgumentError(absl::StrFormat("read GGUF header: %s", what));
}

// Takes values off the front. A value that goes beyond the end is OUT_OF_RANGE: not the file's
// fault, we only have its first bytes.
class Bytes {
 public:
  explicit Bytes(std::string_view rest) : rest_(rest) {}

  template <typename Number>
  absl::StatusOr<Number> Take() {
    Number number;
    if (rest_.size() < sizeof(number)) return absl::OutOfRangeError("");
    std::memcpy(&number, rest_.data(), sizeof(number));
    rest_.remove_prefix(sizeof(number));
    return number;
  }

  absl::StatusOr<std::string_view> TakeString() {
    ASSIGN_OR_RETURN(const uint64_t size, Take<uint64_t>());
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
  ASSIGN_OR_RETURN(const uint64_t count, bytes.Take<uint64_t>());
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

absl::Status TakeField(Bytes& bytes, GgufLicence& licence) {
  ASSIGN_OR_RETURN(const std::string_view key, bytes.TakeString());
  if (key.empty() || key.size() > kMaxKeyBytes) return Bad("a key of no or of impossible length");
  ASSIGN_OR_RETURN(const uint32_t type, bytes.Take<uint32_t>());
  ASSIGN_OR_RETURN(const std::string_view value, TakeValue(bytes, type, 0));
  if (type != kString) return absl::OkStatus();
  std::string* field = key == "general.license"        ? &licence.licence
                       : key == "general.license.name" ? &licence.name
                       : key == "general.license.link" ? &licence.link
                                                       : nullptr;
  if (field != nullptr) *field = proto::ToValidUtf8(value);
  return absl::OkStatus();
}

absl::Status ReadFields(Bytes& bytes, GgufLicence& licence) {
  ASSIGN_OR_RETURN(const uint32_t version, bytes.Take<uint32_t>());
  if (version < kOldestVersion || version > kNewestVersion) {
    return Bad(absl::StrFormat("version %d (or another byte order)", version));
  }
  RETURN_IF_ERROR(bytes.Take<uint64_t>().status());  // tensors
  ASSIGN_OR_RETURN(const uint64_t fields, bytes.Take<uint64_t>());
  for (uint64_t i = 0; i < fields; ++i) RETURN_IF_ERROR(TakeField(bytes, licence));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<GgufLicence> ReadGgufLicence(std::string_view head) {
  constexpr std::string_view kMagic = "GGUF";
  if (head.substr(0, kMagic.size()) != kMagic) return Bad("it does not begin with GGUF");
  Bytes bytes(head.substr(kMagic.size()));
  GgufLicence licence;
  const absl::Status status = ReadFields(bytes, licence);
  if (!status.ok() && !absl::IsOutOfRange(status)) return status;
  licence.is_whole = status.ok();
  return licence;
}

}  // namespace modelwatch::crawler
