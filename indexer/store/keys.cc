// SPDX-License-Identifier: Apache-2.0
#include "indexer/store/keys.h"

#include "absl/strings/str_format.h"
#include "common/digest.h"
#include "common/status_macros.h"

namespace modelwatch::indexer {
namespace {

constexpr size_t kNumberBytes = 8;
constexpr size_t kIdentifierBytes = 4;
constexpr size_t kSeenBytes = 10;
constexpr uint8_t kNeedsVisitFlag = 1;
constexpr uint8_t kWasMissedFlag = 2;

void AppendNumber(std::string& out, uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(number >> shift));
}

void AppendText(std::string& out, std::string_view text) {
  out.append(text);
  out.push_back('\0');
}

// Takes parts off the front of a key; a part that is not there makes the whole key unreadable.
class KeyReader {
 public:
  explicit KeyReader(std::string_view bytes) : bytes_(bytes), rest_(bytes) {}

  std::string Text() {
    const size_t end = rest_.find('\0');
    if (end == std::string_view::npos) {
      readable_ = false;
      return "";
    }
    std::string text(rest_.substr(0, end));
    rest_.remove_prefix(end + 1);
    return text;
  }
  uint64_t Number(size_t bytes = kNumberBytes) {
    if (rest_.size() < bytes) {
      readable_ = false;
      return 0;
    }
    uint64_t number = 0;
    for (size_t i = 0; i < bytes; ++i) number = number << 8 | static_cast<unsigned char>(rest_[i]);
    rest_.remove_prefix(bytes);
    return number;
  }
  v1::ReleaseKey Release() {
    v1::ReleaseKey key;
    key.set_hub(Text());
    key.set_id(Text());
    readable_ = readable_ && !key.hub().empty() && !key.id().empty();
    return key;
  }
  std::string Rest() {
    std::string rest(rest_);
    rest_ = {};
    return rest;
  }
  // DATA_LOSS unless every part was there and nothing is left.
  [[nodiscard]] absl::Status End(std::string_view what) const {
    if (readable_ && rest_.empty()) return absl::OkStatus();
    return absl::DataLossError(
        absl::StrFormat("stored %s does not parse: %s", what, common::ToHex(bytes_)));
  }

 private:
  const std::string_view bytes_;
  std::string_view rest_;
  bool readable_ = true;
};

}  // namespace

std::string ReleaseKeyBytes(const v1::ReleaseKey& key) {
  std::string out;
  out.reserve(key.hub().size() + key.id().size() + 2 + 2 * kNumberBytes);
  AppendText(out, key.hub());
  AppendText(out, key.id());
  return out;
}

absl::StatusOr<v1::ReleaseKey> ParseReleaseKey(std::string_view bytes) {
  KeyReader reader(bytes);
  v1::ReleaseKey key = reader.Release();
  RETURN_IF_ERROR(reader.End("release key"));
  return key;
}

std::string HubPrefix(std::string_view hub) {
  std::string out;
  AppendText(out, hub);
  return out;
}

std::string PrefixEnd(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty()) {
    const auto last = static_cast<unsigned char>(end.back());
    if (last != 0xFF) {
      end.back() = static_cast<char>(last + 1);
      return end;
    }
    end.pop_back();
  }
  return end;
}

std::string SequenceKey(uint64_t sequence) {
  std::string out;
  AppendNumber(out, sequence);
  return out;
}

absl::StatusOr<uint64_t> ParseSequenceKey(std::string_view bytes) {
  KeyReader reader(bytes);
  const uint64_t sequence = reader.Number();
  RETURN_IF_ERROR(reader.End("sequence"));
  return sequence;
}

std::string VersionKey(const v1::ReleaseKey& key, uint64_t sequence) {
  std::string out = ReleaseKeyBytes(key);
  AppendNumber(out, sequence);
  return out;
}

absl::StatusOr<ReleaseSequence> ParseVersionKey(std::string_view bytes) {
  KeyReader reader(bytes);
  ReleaseSequence out;
  out.key = reader.Release();
  out.sequence = reader.Number();
  RETURN_IF_ERROR(reader.End("version key"));
  return out;
}

std::string AssessmentKey(const v1::ReleaseKey& key, uint64_t version, uint64_t assessment) {
  std::string out = ReleaseKeyBytes(key);
  AppendNumber(out, version);
  AppendNumber(out, assessment);
  return out;
}

absl::StatusOr<AssessmentAt> ParseAssessmentKey(std::string_view bytes) {
  KeyReader reader(bytes);
  AssessmentAt out;
  out.key = reader.Release();
  out.version = reader.Number();
  out.assessment = reader.Number();
  RETURN_IF_ERROR(reader.End("assessment key"));
  return out;
}

std::string NameKey(std::string_view hub, std::string_view name) {
  std::string out = HubPrefix(hub);
  for (const char c : name) out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
  return out;
}

std::string DuePrefix(std::string_view hub, uint32_t priority) {
  std::string out = HubPrefix(hub);
  out.push_back(static_cast<char>(priority));
  return out;
}

std::string DueKey(std::string_view hub, uint32_t priority, int64_t due_us,
                   std::string_view work_id) {
  std::string out = DuePrefix(hub, priority);
  AppendNumber(out, static_cast<uint64_t>(due_us));
  out.append(work_id);
  return out;
}

absl::StatusOr<DueAt> ParseDueKey(std::string_view bytes) {
  KeyReader reader(bytes);
  DueAt out;
  out.hub = reader.Text();
  out.priority = static_cast<uint32_t>(reader.Number(1));
  out.due_us = static_cast<int64_t>(reader.Number());
  out.work_id = reader.Rest();
  RETURN_IF_ERROR(reader.End("due key"));
  return out;
}

std::string FindingPrefix(uint32_t identifier) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8)
    out.push_back(static_cast<char>(identifier >> shift));
  return out;
}

std::string FindingKey(uint32_t identifier, std::string_view digest) {
  std::string out = FindingPrefix(identifier);
  out.append(digest);
  return out;
}

absl::StatusOr<FindingAt> ParseFindingKey(std::string_view bytes) {
  KeyReader reader(bytes);
  FindingAt out;
  out.identifier = static_cast<uint32_t>(reader.Number(kIdentifierBytes));
  out.digest = reader.Rest();
  RETURN_IF_ERROR(reader.End("finding key"));
  if (out.digest.size() == common::kSha256Bytes) return out;
  return absl::DataLossError(
      absl::StrFormat("stored finding key does not parse: %s", common::ToHex(bytes)));
}

std::string DerivativePrefix(std::string_view hub, std::string_view base) {
  std::string out = NameKey(hub, base);
  out.push_back('\0');
  return out;
}

std::string DerivativeKey(std::string_view hub, std::string_view base, std::string_view id) {
  std::string out = DerivativePrefix(hub, base);
  AppendText(out, id);
  return out;
}

absl::StatusOr<DerivativeAt> ParseDerivativeKey(std::string_view bytes) {
  KeyReader reader(bytes);
  DerivativeAt out;
  out.derivative.set_hub(reader.Text());
  out.base = reader.Text();
  out.derivative.set_id(reader.Text());
  RETURN_IF_ERROR(reader.End("derivative key"));
  return out;
}

std::string FacetPrefix(std::string_view hub, Facet facet, std::string_view value) {
  std::string text(1, static_cast<char>(facet));
  text.append(value);
  std::string out = NameKey(hub, text);
  out.push_back('\0');
  return out;
}

std::string FacetKey(const FacetAt& at) {
  std::string out = FacetPrefix(at.key.hub(), at.facet, at.value);
  AppendNumber(out, ~at.sequence);
  AppendText(out, at.key.id());
  return out;
}

absl::StatusOr<FacetAt> ParseFacetKey(std::string_view bytes) {
  KeyReader reader(bytes);
  FacetAt out;
  out.key.set_hub(reader.Text());
  const std::string text = reader.Text();
  out.sequence = ~reader.Number();
  out.key.set_id(reader.Text());
  RETURN_IF_ERROR(reader.End("facet key"));
  if (text.empty() || std::string_view("acdlp").find(text[0]) == std::string_view::npos) {
    return absl::DataLossError(
        absl::StrFormat("stored facet key names no facet: %s", common::ToHex(bytes)));
  }
  out.facet = static_cast<Facet>(text[0]);
  out.value = text.substr(1);
  return out;
}

std::string CursorKey(std::string_view evaluator) {
  return absl::StrFormat("%s%s", kCursorPrefix, evaluator);
}

std::string BudgetKeyBytes(std::string_view hub, std::string_view quota_class,
                           std::string_view account) {
  return absl::StrFormat("budget/%s/%s/%s", hub, quota_class, account);
}

std::string BudgetPrefix(std::string_view hub) { return absl::StrFormat("budget/%s/", hub); }

std::string TroubleKey(std::string_view hub) { return absl::StrFormat("trouble/%s", hub); }

std::string SeenValue(const Seen& seen) {
  std::string out;
  out.reserve(kSeenBytes);
  AppendNumber(out, static_cast<uint64_t>(seen.last_seen_us));
  out.push_back(static_cast<char>((seen.needs_visit ? kNeedsVisitFlag : 0) |
                                  (seen.was_missed ? kWasMissedFlag : 0)));
  out.push_back(static_cast<char>(seen.failures));
  return out;
}

absl::StatusOr<Seen> ParseSeenValue(std::string_view bytes) {
  KeyReader reader(bytes);
  Seen seen;
  seen.last_seen_us = static_cast<int64_t>(reader.Number());
  const uint64_t flags = reader.Number(1);
  seen.needs_visit = (flags & kNeedsVisitFlag) != 0;
  seen.was_missed = (flags & kWasMissedFlag) != 0;
  seen.failures = static_cast<uint8_t>(reader.Number(1));
  RETURN_IF_ERROR(reader.End("seen value"));
  return seen;
}

}  // namespace modelwatch::indexer
