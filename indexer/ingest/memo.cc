// SPDX-License-Identifier: Apache-2.0
#include "indexer/ingest/memo.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "common/digest.h"
#include "common/status_macros.h"
#include "indexer/store/records.h"

namespace modelwatch::indexer {
namespace {

constexpr size_t kMaxVersionBytes = 200;

using Identifier = v1::StoredIdentifiers::Identifier;

void DropOldest(Draft& draft, v1::StoredIdentifiers& stored) {
  const Identifier& oldest = stored.identifiers(0);
  const std::string begin = FindingPrefix(oldest.number());
  draft.DeleteRange(Table::kFinding, begin, PrefixEnd(begin));
  draft.state().set_findings(draft.state().findings() - oldest.findings());
  draft.state().set_finding_bytes(draft.state().finding_bytes() - oldest.bytes());
  stored.mutable_identifiers()->DeleteSubrange(0, 1);
}

// Moves the identifier to the end, where the one written last stands; makes it when it is new.
Identifier& Latest(Draft& draft, const std::string& version, v1::StoredIdentifiers& stored) {
  auto& all = *stored.mutable_identifiers();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Identifier& identifier) {
    return identifier.version() == version;
  });
  if (found != all.end()) {
    std::rotate(found, found + 1, all.end());
    return all[all.size() - 1];
  }
  if (all.size() == kIdentifiersKept) DropOldest(draft, stored);
  stored.set_last_number(stored.last_number() + 1);
  Identifier& made = *stored.add_identifiers();
  made.set_version(version);
  made.set_number(stored.last_number());
  return made;
}

}  // namespace

absl::Status CheckFindings(const v1::PutAssessmentsRequest& request) {
  if (request.findings_size() == 0) return absl::OkStatus();
  if (request.findings_size() > kMaxFindings) {
    return absl::InvalidArgumentError(absl::StrFormat("put assessments: %d findings, at most %d",
                                                      request.findings_size(), kMaxFindings));
  }
  if (request.identifier_version().empty() ||
      request.identifier_version().size() > kMaxVersionBytes) {
    return absl::InvalidArgumentError(
        "put assessments: findings need an identifier version of 1 to 200 bytes");
  }
  for (const v1::ContentFinding& content : request.findings()) {
    if (content.digest().size() != common::kSha256Bytes ||
        content.finding().status() == v1::FINDING_STATUS_UNSPECIFIED) {
      return absl::InvalidArgumentError(
          absl::StrFormat("put assessments: the finding of %s has no SHA-256 or no status",
                          common::ToHex(content.digest())));
    }
  }
  return absl::OkStatus();
}

absl::Status StoreFindings(Draft& draft, const v1::PutAssessmentsRequest& request) {
  if (request.findings().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(v1::StoredIdentifiers stored, GetIdentifiers(draft));
  Identifier& identifier = Latest(draft, request.identifier_version(), stored);
  for (const v1::ContentFinding& content : request.findings()) {
    std::string key = FindingKey(identifier.number(), content.digest());
    ASSIGN_OR_RETURN(const bool has, draft.Has(Table::kFinding, key));
    if (has) continue;
    std::string value = content.finding().SerializeAsString();
    const uint64_t bytes = key.size() + value.size();
    identifier.set_findings(identifier.findings() + 1);
    identifier.set_bytes(identifier.bytes() + bytes);
    draft.state().set_findings(draft.state().findings() + 1);
    draft.state().set_finding_bytes(draft.state().finding_bytes() + bytes);
    draft.Put(Table::kFinding, std::move(key), std::move(value));
  }
  draft.Put(Table::kMeta, std::string(kIdentifiersKey), stored.SerializeAsString());
  return absl::OkStatus();
}

}  // namespace modelwatch::indexer
