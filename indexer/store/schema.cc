// SPDX-License-Identifier: Apache-2.0
#include "indexer/store/schema.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "indexer/store/derivatives.h"
#include "indexer/store/found_by.h"
#include "indexer/store/keys.h"
#include "indexer/store/records.h"

namespace modelwatch::indexer {
namespace {

absl::Status RefuseNewer(uint32_t version, uint32_t target) {
  return absl::FailedPreconditionError(absl::StrCat("open the database: it has schema version ",
                                                    version, ", this program knows up to ", target,
                                                    "; use the newer modelwatch"));
}

// Opening for writing has made the new table; it fills as texts are judged.
absl::Status AddFindings(const View&, Batch&) { return absl::OkStatus(); }

// The same: sweeps ask for the past of releases that have none yet.
absl::Status AddPast(const View&, Batch&) { return absl::OkStatus(); }

// One batch: a million derivatives are some 150 MB of memory, once.
absl::Status AddDerivatives(const View& store, Batch& batch) {
  absl::Status status;
  RETURN_IF_ERROR(
      store.Scan(Table::kLatest, "", "", [&](std::string_view at, std::string_view value) {
        const auto add = [&]() -> absl::Status {
          ASSIGN_OR_RETURN(const v1::ReleaseKey key, ParseReleaseKey(at));
          ASSIGN_OR_RETURN(const auto head, ParseRecord<v1::StoredHead>(Table::kLatest, at, value));
          ASSIGN_OR_RETURN(const v1::StoredVersion newest, GetVersion(store, key, head.version()));
          for (auto& [entry, relation] : DerivativeEntries(newest.observation())) {
            batch.Put(Table::kDerivative, entry, relation);
          }
          return absl::OkStatus();
        };
        status = add();
        return status.ok();
      }));
  return status;
}

absl::Status AddFacetsOf(const View& store, std::string_view at, Batch& batch) {
  ASSIGN_OR_RETURN(const v1::ReleaseKey key, ParseReleaseKey(at));
  ASSIGN_OR_RETURN(const FoundBy found, FindFacets(store, key));
  for (const std::string& facet : found.facets) batch.Put(Table::kFacet, facet, "");
  if (found.conclusion.version() != 0) {
    batch.Put(Table::kConclusion, std::string(at), found.conclusion.SerializeAsString());
  }
  return absl::OkStatus();
}

absl::Status AddFacets(Store& store, Batch& batch) {
  constexpr size_t kMostOperations = 50'000;
  absl::Status status;
  RETURN_IF_ERROR(store.Scan(Table::kLatest, "", "", [&](std::string_view at, std::string_view) {
    status = AddFacetsOf(store, at, batch);
    if (status.ok() && batch.operations().size() >= kMostOperations) {
      status = store.Write(std::exchange(batch, Batch()));
    }
    return status.ok();
  }));
  return status;
}

}  // namespace

const std::vector<Migration>& Migrations() {
  static const auto* const migrations = new std::vector<Migration>{
      {1, &AddFindings}, {2, &AddDerivatives}, {3, &AddPast}, {4, &AddFacets}};
  return *migrations;
}

absl::StatusOr<uint32_t> ReadSchemaVersion(const View& store) {
  const absl::StatusOr<std::string> text = store.Get(Table::kMeta, kSchemaKey);
  if (absl::IsNotFound(text.status())) return 0;
  if (!text.ok()) return text.status();
  uint32_t version = 0;
  if (!absl::SimpleAtoi(*text, &version) || version == 0) {
    return absl::DataLossError("open the database: its schema version is not a number");
  }
  return version;
}

absl::Status BringToSchema(Store& store, uint32_t target,
                           const std::vector<Migration>& migrations) {
  ASSIGN_OR_RETURN(uint32_t version, ReadSchemaVersion(store));
  if (version > target) return RefuseNewer(version, target);
  if (version == 0) {
    Batch batch;
    batch.Put(Table::kMeta, std::string(kSchemaKey), absl::StrCat(target));
    return store.Write(batch);
  }
  while (version < target) {
    const auto next =
        std::find_if(migrations.begin(), migrations.end(),
                     [version](const Migration& migration) { return migration.from == version; });
    if (next == migrations.end()) {
      return absl::FailedPreconditionError(absl::StrCat(
          "open the database: no way leads from its schema version ", version, " to ", target));
    }
    Batch batch;
    RETURN_IF_ERROR(next->apply(store, batch));
    batch.Put(Table::kMeta, std::string(kSchemaKey), absl::StrCat(++version));
    RETURN_IF_ERROR(store.Write(batch));
  }
  return absl::OkStatus();
}

absl::Status RequireSchema(const View& store, uint32_t target) {
  ASSIGN_OR_RETURN(const uint32_t version, ReadSchemaVersion(store));
  if (version > target) return RefuseNewer(version, target);
  if (version == target) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("open the database: its schema version ", version,
                   " is old; start the indexer once, it brings it to ", target));
}

}  // namespace modelwatch::indexer
