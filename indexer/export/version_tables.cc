// SPDX-License-Identifier: Apache-2.0
#include "indexer/export/version_tables.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "indexer/export/tables.h"

namespace modelwatch::indexer {
namespace {

constexpr size_t kTeaserReleases = 1000;
constexpr size_t kTextsAtOnce = 64;

// FNV-1a, 64 bits, and the last steps of MurmurHash3, so that the low hashes are spread.
uint64_t HashOf(const v1::ReleaseKey& key) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const std::string* part : {&key.hub(), &key.id()}) {
    for (const char c : *part) {
      hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    }
    hash = (hash ^ 0xff) * 0x100000001b3;
  }
  hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
  return hash ^ (hash >> 33);
}

bool IsSameRelease(const v1::ScannedVersion& a, const v1::ScannedVersion& b) {
  const v1::ReleaseKey& left = a.version().observation().key();
  const v1::ReleaseKey& right = b.version().observation().key();
  return left.id() == right.id() && left.hub() == right.hub();
}

// Length of the UTF-8 character at the start of `bytes`; 0 when there is none.
size_t CharacterBytes(std::string_view bytes) {
  const auto at = [&](size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned char first = at(0);
  if (first < 0x80) return 1;
  const size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || bytes.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((at(i) & 0xc0) != 0x80) return 0;
  }
  // Overlong forms, surrogates, beyond U+10FFFF.
  if ((first == 0xe0 && at(1) < 0xa0) || (first == 0xed && at(1) > 0x9f)) return 0;
  if ((first == 0xf0 && at(1) < 0x90) || (first == 0xf4 && at(1) > 0x8f)) return 0;
  return length;
}

// What is no UTF-8 becomes U+FFFD.
std::string ToUtf8(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  while (!bytes.empty()) {
    const size_t length = CharacterBytes(bytes);
    text.append(length == 0 ? "\xef\xbf\xbd" : bytes.substr(0, length));
    bytes.remove_prefix(std::max<size_t>(length, 1));
  }
  return text;
}

template <typename Record>
std::unique_ptr<TableOf<Record>> IfWanted(const std::set<std::string>& wanted, const char* name,
                                          const ExportFiles& files) {
  if (wanted.count(name) == 0) return nullptr;
  return std::make_unique<TableOf<Record>>(*FindTable(name), files);
}

template <typename Table>
absl::Status CloseIfAny(Table& table, std::vector<ExportedFile>& written) {
  return table == nullptr ? absl::OkStatus() : table->output.Close(written);
}

}  // namespace

VersionTables::VersionTables(const std::set<std::string>& wanted, const ExportFiles& files)
    : files_(files),
      releases_(IfWanted<VersionRecord>(wanted, "releases", files)),
      observations_(IfWanted<VersionRecord>(wanted, "observations", files)),
      licences_(IfWanted<FindingRecord>(wanted, "licences", files)),
      texts_(IfWanted<TextRecord>(wanted, "licence_texts", files)),
      openness_(IfWanted<VerdictRecord>(wanted, "openness", files)),
      lineage_(IfWanted<BaseRecord>(wanted, "lineage", files)) {}

bool VersionTables::any() const {
  return releases_ != nullptr || observations_ != nullptr || licences_ != nullptr ||
         texts_ != nullptr || openness_ != nullptr || lineage_ != nullptr;
}

v1::ScanVersionsRequest VersionTables::Request(uint64_t as_of) const {
  v1::ScanVersionsRequest request;
  request.set_as_of(as_of);
  request.set_newest_only(observations_ == nullptr);
  request.set_findings(licences_ != nullptr || texts_ != nullptr);
  request.set_verdicts(openness_ != nullptr);
  request.set_assessments(request.findings() || request.verdicts() || releases_ != nullptr ||
                          observations_ != nullptr);
  return request;
}

absl::Status VersionTables::Add(const v1::ScanVersionsResponse& chunk) {
  const int size = chunk.versions_size();
  if (size == 0) return absl::OkStatus();
  if (waiting_.has_value()) {
    const v1::ScannedVersion before = *std::exchange(waiting_, std::nullopt);
    RETURN_IF_ERROR(AddVersion(before, &chunk.versions(0)));
  }
  for (int i = 0; i + 1 < size; ++i) {
    RETURN_IF_ERROR(AddVersion(chunk.versions(i), &chunk.versions(i + 1)));
  }
  waiting_ = chunk.versions(size - 1);
  return absl::OkStatus();
}

absl::Status VersionTables::AddVersion(const v1::ScannedVersion& scanned,
                                       const v1::ScannedVersion* next) {
  const bool is_newest = next == nullptr || !IsSameRelease(scanned, *next);
  VersionRecord record{scanned.version(),
                       scanned.has_assessment() ? &scanned.assessment() : nullptr};
  if (!is_newest) record.valid_to_us = next->version().observation().observed_at_us();
  if (observations_ != nullptr) RETURN_IF_ERROR(observations_->Add(record));
  if (!is_newest) return absl::OkStatus();
  if (releases_ != nullptr) ConsiderForTeaser(scanned);
  return AddNewest(record);
}

absl::Status VersionTables::AddNewest(const VersionRecord& record) {
  if (releases_ != nullptr) RETURN_IF_ERROR(releases_->Add(record));
  if (lineage_ != nullptr) {
    for (const v1::BaseModel& base : record.version.observation().declared().base_models()) {
      RETURN_IF_ERROR(lineage_->Add({record, base}));
    }
  }
  if (record.assessment == nullptr) return absl::OkStatus();
  for (const v1::Finding& finding : record.assessment->findings()) {
    RETURN_IF_ERROR(AddFinding(record, finding));
  }
  if (openness_ == nullptr) return absl::OkStatus();
  for (const v1::FrameworkVerdict& verdict : record.assessment->verdicts()) {
    RETURN_IF_ERROR(openness_->Add({record, verdict}));
  }
  return absl::OkStatus();
}

absl::Status VersionTables::AddFinding(const VersionRecord& record, const v1::Finding& finding) {
  if (licences_ != nullptr) RETURN_IF_ERROR(licences_->Add({record, finding}));
  const bool is_text =
      finding.source() == v1::LICENCE_FILE_TEXT || finding.source() == v1::LINK_TARGET;
  if (texts_ == nullptr || !is_text || finding.digest().empty()) return absl::OkStatus();
  const auto [at, is_new] = by_digest_.try_emplace(finding.digest());
  TextRecord& text = at->second;
  if (is_new) {
    text.digest = finding.digest();
    text.holder = record.version.observation().key();
    text.finding.set_licence(finding.licence());
    text.finding.set_expression(finding.expression());
    text.finding.set_status(finding.status());
    text.finding.set_base(finding.base());
    text.finding.set_path(finding.path());
  }
  // A release that holds it twice counts once.
  if (text.last_version != record.version.sequence()) ++text.releases;
  text.last_version = record.version.sequence();
  return absl::OkStatus();
}

void VersionTables::ConsiderForTeaser(const v1::ScannedVersion& scanned) {
  const uint64_t hash = HashOf(scanned.version().observation().key());
  if (teaser_.size() == kTeaserReleases && hash > teaser_.rbegin()->first) return;
  teaser_[hash] = scanned;
  if (teaser_.size() > kTeaserReleases) teaser_.erase(std::prev(teaser_.end()));
}

absl::Status VersionTables::CloseTeaser(std::vector<ExportedFile>& written) {
  std::vector<const v1::ScannedVersion*> sample;
  for (const auto& [hash, scanned] : teaser_) sample.push_back(&scanned);
  const auto key = [](const v1::ScannedVersion* scanned) {
    const v1::ReleaseKey& release = scanned->version().observation().key();
    return std::pair<const std::string&, const std::string&>(release.hub(), release.id());
  };
  std::sort(sample.begin(), sample.end(),
            [&](const auto* a, const auto* b) { return key(a) < key(b); });
  TableOf<VersionRecord> table(*FindTable("releases"), files_, /*is_teaser=*/true);
  for (const v1::ScannedVersion* scanned : sample) {
    RETURN_IF_ERROR(table.Add(
        {scanned->version(), scanned->has_assessment() ? &scanned->assessment() : nullptr}));
  }
  return table.output.Close(written);
}

absl::Status VersionTables::AddTexts(Reader& reader, std::vector<TextRecord*> records) {
  while (!records.empty()) {
    v1::GetBlobsRequest request;
    for (const TextRecord* record : records) request.add_digests(record->digest);
    ASSIGN_OR_RETURN(v1::GetBlobsResponse response, reader.GetBlobs(request));
    if (response.blobs_size() == 0) return absl::InternalError("the index answered with no blob");
    for (int i = 0; i < response.blobs_size(); ++i) {
      TextRecord& record = *records[static_cast<size_t>(i)];
      record.text = ToUtf8(response.blobs(i).content());
      RETURN_IF_ERROR(texts_->Add(record));
      record.text = "";
    }
    records.erase(records.begin(), records.begin() + response.blobs_size());
  }
  return absl::OkStatus();
}

absl::Status VersionTables::CloseTexts(Reader& reader, bool with_texts,
                                       std::vector<ExportedFile>& written) {
  std::vector<TextRecord*> batch;
  for (auto& [digest, record] : by_digest_) {
    if (!with_texts) {
      RETURN_IF_ERROR(texts_->Add(record));
      continue;
    }
    batch.push_back(&record);
    if (batch.size() == kTextsAtOnce) {
      RETURN_IF_ERROR(AddTexts(reader, std::exchange(batch, {})));
    }
  }
  RETURN_IF_ERROR(AddTexts(reader, batch));
  return texts_->output.Close(written);
}

absl::Status VersionTables::Close(Reader& reader, bool with_texts,
                                  std::vector<ExportedFile>& written) {
  if (waiting_.has_value()) {
    const v1::ScannedVersion last = *std::exchange(waiting_, std::nullopt);
    RETURN_IF_ERROR(AddVersion(last, nullptr));
  }
  RETURN_IF_ERROR(CloseIfAny(releases_, written));
  if (releases_ != nullptr) RETURN_IF_ERROR(CloseTeaser(written));
  RETURN_IF_ERROR(CloseIfAny(observations_, written));
  RETURN_IF_ERROR(CloseIfAny(licences_, written));
  if (texts_ != nullptr) RETURN_IF_ERROR(CloseTexts(reader, with_texts, written));
  RETURN_IF_ERROR(CloseIfAny(openness_, written));
  return CloseIfAny(lineage_, written);
}

}  // namespace modelwatch::indexer
