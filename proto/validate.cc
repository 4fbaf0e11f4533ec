// SPDX-License-Identifier: Apache-2.0
#include "proto/validate.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "common/digest.h"
#include "common/status_macros.h"
#include "proto/release_id.h"

namespace modelwatch::proto {
namespace {

constexpr size_t kMaxHubBytes = 32;
constexpr size_t kMaxIdBytes = 128;
constexpr size_t kMaxPathBytes = 1024;
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

absl::Status Refuse(std::string_view field, std::string_view why) {
  return absl::InvalidArgumentError(absl::StrFormat("observation.%s: %s", field, why));
}

// Length of the well-formed UTF-8 sequence at `at` (Unicode 15, table 3-7), or 0.
size_t SequenceLength(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto continues = [&](size_t i, unsigned low, unsigned high) {
    return byte(i) >= low && byte(i) <= high;
  };
  const unsigned lead = byte(at);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return continues(at + 1, 0x80, 0xBF) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const unsigned low = lead == 0xE0 ? 0xA0 : 0x80;
    const unsigned high = lead == 0xED ? 0x9F : 0xBF;
    return continues(at + 1, low, high) && continues(at + 2, 0x80, 0xBF) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const unsigned low = lead == 0xF0 ? 0x90 : 0x80;
    const unsigned high = lead == 0xF4 ? 0x8F : 0xBF;
    return continues(at + 1, low, high) && continues(at + 2, 0x80, 0xBF) &&
                   continues(at + 3, 0x80, 0xBF)
               ? 4
               : 0;
  }
  return 0;
}

bool IsValidUtf8(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const size_t length = SequenceLength(text, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

// A path inside a repository: relative, without empty or parent segments.
bool IsInsidePath(std::string_view path) {
  if (path.empty() || path.size() > kMaxPathBytes || path.front() == '/') return false;
  for (size_t start = 0; start <= path.size();) {
    const size_t end = std::min(path.find('/', start), path.size());
    const std::string_view segment = path.substr(start, end - start);
    if (segment.empty() || segment == "." || segment == "..") return false;
    start = end + 1;
  }
  return path.find('\0') == std::string_view::npos && IsValidUtf8(path);
}

absl::Status ValidateFile(const v1::File& file) {
  if (!IsInsidePath(file.path())) {
    return Refuse("files.path", "is absolute, empty, too long or leaves the repository");
  }
  if (!file.oid().empty() && !common::IsGitOid(file.oid())) {
    return Refuse("files.oid", "is not 40 hexadecimal digits");
  }
  if (!file.digest().empty() && file.digest().size() != common::kSha256Bytes) {
    return Refuse("files.digest", "is not 32 bytes");
  }
  if (file.outcome() == v1::FILE_OUTCOME_UNSPECIFIED) return Refuse("files.outcome", "is missing");
  if (file.outcome() == v1::FETCHED && file.digest().empty() && file.oid().empty()) {
    return Refuse("files.digest", "is missing on a fetched file");
  }
  return absl::OkStatus();
}

absl::Status ValidateFiles(const v1::Observation& observation) {
  if (observation.files_size() > kMaxFiles) return Refuse("files", "more than 256");
  const std::string* previous = nullptr;
  for (const v1::File& file : observation.files()) {
    RETURN_IF_ERROR(ValidateFile(file));
    if (previous != nullptr && *previous >= file.path()) {
      return Refuse("files", "paths are not ascending, or one repeats");
    }
    previous = &file.path();
  }
  return absl::OkStatus();
}

absl::Status ValidateDeclared(const v1::Declared& declared) {
  if (declared.tag_licences_size() > kMaxDeclared || declared.card_licences_size() > kMaxDeclared ||
      declared.base_models_size() > kMaxDeclared) {
    return Refuse("declared", "more than 64 licences or base models");
  }
  if (declared.gated_prompt().size() > kMaxGatedPromptBytes) {
    return Refuse("declared.gated_prompt", "over 64 KiB");
  }
  const auto valid = [](const auto& texts) {
    return std::all_of(texts.begin(), texts.end(),
                       [](const std::string& text) { return IsValidUtf8(text); });
  };
  bool all_valid = valid(declared.tag_licences()) && valid(declared.card_licences()) &&
                   IsValidUtf8(declared.license_name()) && IsValidUtf8(declared.license_link()) &&
                   IsValidUtf8(declared.gated_prompt());
  for (const v1::BaseModel& base : declared.base_models()) {
    all_valid = all_valid && IsValidUtf8(base.name()) && IsValidUtf8(base.relation());
  }
  return all_valid ? absl::OkStatus() : Refuse("declared", "is not valid UTF-8");
}

}  // namespace

absl::Status ValidateKey(const v1::ReleaseKey& key) {
  const auto is_hub_char = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  if (key.hub().empty() || key.hub().size() > kMaxHubBytes ||
      !std::all_of(key.hub().begin(), key.hub().end(), is_hub_char)) {
    return Refuse("key.hub", "is not 1 to 32 of a-z 0-9 -");
  }
  if (key.id().empty() || key.id().size() > kMaxIdBytes ||
      !std::all_of(key.id().begin(), key.id().end(), [](char c) { return c > ' ' && c < 0x7F; })) {
    return Refuse("key.id", "is not 1 to 128 printable ASCII bytes");
  }
  return absl::OkStatus();
}

absl::Status ValidateObservation(const v1::Observation& observation) {
  RETURN_IF_ERROR(ValidateKey(observation.key()));
  if (observation.name().empty() || observation.name().size() > kMaxNameBytes ||
      !IsValidUtf8(observation.name())) {
    return Refuse("name", "is empty, over 512 bytes or not UTF-8");
  }
  if (observation.observed_at_us() <= 0) return Refuse("observed_at_us", "is missing");
  if (observation.access().presence() == v1::PRESENCE_UNSPECIFIED) {
    return Refuse("access.presence", "is missing");
  }
  if (!observation.revision().empty() && !common::IsGitOid(observation.revision())) {
    return Refuse("revision", "is not 40 hexadecimal digits");
  }
  if (observation.moved_to().size() > kMaxNameBytes || !IsValidUtf8(observation.moved_to())) {
    return Refuse("moved_to", "is over 512 bytes or not UTF-8");
  }
  RETURN_IF_ERROR(ValidateDeclared(observation.declared()));
  RETURN_IF_ERROR(ValidateFiles(observation));
  if (observation.ByteSizeLong() > kMaxObservationBytes) return Refuse("", "is over 512 KiB");
  return absl::OkStatus();
}

std::string ToValidUtf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const size_t length = SequenceLength(text, at);
    if (length == 0) {
      out.append(kReplacement);
      ++at;
    } else {
      out.append(text.substr(at, length));
      at += length;
    }
  }
  return out;
}

}  // namespace modelwatch::proto
