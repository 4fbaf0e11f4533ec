// SPDX-License-Identifier: Apache-2.0
#include "indexer/repair.h"

#include <map>
#include <string>
#include <utility>

#include "common/digest.h"
#include "common/status_macros.h"
#include "indexer/data_dir.h"
#include "indexer/store/derivatives.h"
#include "indexer/store/found_by.h"
#include "indexer/store/records.h"
#include "indexer/store/rocks_store.h"
#include "indexer/store/schema.h"

namespace modelwatch::indexer {
namespace {

constexpr size_t kCommit = 4096;

// What leads from a key to a release that took a name.
struct Holder {
  uint64_t version = 0;  // whose observation says the name
  bool present = false;
  std::string release;
};

// Each step puts what is missing or says otherwise, then deletes what nothing accounts for. A
// record that does not parse is passed over: the check names it.
class Repairer {
 public:
  explicit Repairer(Store& store) : store_(store) {}

  absl::StatusOr<uint64_t> Run() {
    RETURN_IF_ERROR(Oids());
    RETURN_IF_ERROR(Derivatives());
    RETURN_IF_ERROR(Facets());
    RETURN_IF_ERROR(AlertsOfReleases());
    RETURN_IF_ERROR(Due());
    RETURN_IF_ERROR(Names());
    RETURN_IF_ERROR(Counts());
    RETURN_IF_ERROR(Commit());
    return changed_;
  }

 private:
  template <typename Step>
  absl::Status Each(Table table, const Step& step) {
    absl::Status status;
    RETURN_IF_ERROR(store_.Scan(table, "", "", [&](std::string_view key, std::string_view value) {
      status = step(key, value);
      if (absl::IsDataLoss(status)) status = absl::OkStatus();
      return status.ok();
    }));
    return status;
  }

  absl::Status Commit() {
    if (batch_.empty()) return absl::OkStatus();
    changed_ += batch_.operations().size();
    return store_.Write(std::exchange(batch_, Batch()));
  }
  absl::Status CommitWhenLarge() {
    return batch_.operations().size() < kCommit ? absl::OkStatus() : Commit();
  }

  absl::Status Put(Table table, std::string_view key, std::string_view value) {
    const auto stored = store_.Get(table, key);
    if (stored.ok() && *stored == value) return absl::OkStatus();
    batch_.Put(table, std::string(key), std::string(value));
    return CommitWhenLarge();
  }
  absl::Status Delete(Table table, std::string_view key) {
    batch_.Delete(table, std::string(key));
    return CommitWhenLarge();
  }

  // `found`: how reading the record that the key stands for went. What cannot be read now is no
  // reason to delete.
  absl::Status DeleteUnless(bool said, const absl::Status& found, Table table,
                            std::string_view key) {
    if (said || absl::IsDataLoss(found)) return absl::OkStatus();
    if (!found.ok() && !absl::IsNotFound(found)) return found;
    return Delete(table, key);
  }

  bool LeadsToText(std::string_view oid, std::string_view digest) const {
    const auto content = store_.Get(Table::kBlob, digest);
    return content.ok() && common::GitBlobOid(*content) == common::ToHex(oid);
  }

  template <typename Files>
  absl::Status OidsOf(const Files& files) {
    for (const v1::File& file : files) {
      const auto oid = common::FromHex(file.oid());
      if (file.outcome() != v1::FETCHED || !oid.ok() || oid->size() != common::kGitOidBytes) {
        continue;
      }
      if (store_.Get(Table::kOid, *oid).ok() || !LeadsToText(*oid, file.digest())) continue;
      RETURN_IF_ERROR(Put(Table::kOid, *oid, file.digest()));
    }
    return absl::OkStatus();
  }

  absl::Status Oids() {
    RETURN_IF_ERROR(Each(Table::kOid, [this](std::string_view key, std::string_view value) {
      return DeleteUnless(LeadsToText(key, value), store_.Get(Table::kBlob, value).status(),
                          Table::kOid, key);
    }));
    RETURN_IF_ERROR(Commit());  // so that what was wrong is missing now
    RETURN_IF_ERROR(Each(
        Table::kObservation, [this](std::string_view key, std::string_view value) -> absl::Status {
          ASSIGN_OR_RETURN(const auto stored,
                           ParseRecord<v1::StoredVersion>(Table::kObservation, key, value));
          return OidsOf(stored.observation().files());
        }));
    return Each(Table::kPast, [this](std::string_view key, std::string_view value) -> absl::Status {
      ASSIGN_OR_RETURN(const auto past, ParseRecord<v1::StoredPast>(Table::kPast, key, value));
      for (const v1::PastVersion& version : past.versions()) {
        RETURN_IF_ERROR(OidsOf(version.files()));
      }
      return absl::OkStatus();
    });
  }

  absl::StatusOr<v1::StoredVersion> Newest(const v1::ReleaseKey& release) const {
    ASSIGN_OR_RETURN(const v1::StoredHead head, GetHead(store_, release));
    return GetVersion(store_, release, head.version());
  }

  absl::Status DerivativesOf(std::string_view key) {
    ASSIGN_OR_RETURN(const v1::ReleaseKey release, ParseReleaseKey(key));
    const auto newest = Newest(release);
    if (!newest.ok()) return absl::OkStatus();  // the check says so
    for (const auto& [entry, relation] : DerivativeEntries(newest->observation())) {
      RETURN_IF_ERROR(Put(Table::kDerivative, entry, relation));
    }
    return absl::OkStatus();
  }

  absl::Status FacetsOf(std::string_view key) {
    ASSIGN_OR_RETURN(const v1::ReleaseKey release, ParseReleaseKey(key));
    const auto found = FindFacets(store_, release);
    if (!found.ok()) return absl::OkStatus();  // the check says so
    for (const std::string& facet : found->facets) RETURN_IF_ERROR(Put(Table::kFacet, facet, ""));
    if (found->conclusion.version() == 0) return absl::OkStatus();
    return Put(Table::kConclusion, key, found->conclusion.SerializeAsString());
  }

  absl::Status Facets() {
    RETURN_IF_ERROR(Each(Table::kLatest,
                         [this](std::string_view key, std::string_view) { return FacetsOf(key); }));
    RETURN_IF_ERROR(Each(Table::kConclusion, [this](std::string_view key, std::string_view) {
      const absl::Status release = store_.Get(Table::kLatest, key).status();
      return DeleteUnless(release.ok(), release, Table::kConclusion, key);
    }));
    return Each(Table::kFacet, [this](std::string_view key, std::string_view) -> absl::Status {
      const auto at = ParseFacetKey(key);
      if (!at.ok()) return Delete(Table::kFacet, key);
      const auto found = FindFacets(store_, at->key);
      return DeleteUnless(found.ok() && found->facets.count(std::string(key)) > 0, found.status(),
                          Table::kFacet, key);
    });
  }

  absl::Status Derivatives() {
    RETURN_IF_ERROR(Each(Table::kLatest, [this](std::string_view key, std::string_view) {
      return DerivativesOf(key);
    }));
    return Each(Table::kDerivative, [this](std::string_view key, std::string_view) {
      const auto at = ParseDerivativeKey(key);
      if (!at.ok()) return Delete(Table::kDerivative, key);
      const auto newest = Newest(at->derivative);
      const bool said =
          newest.ok() && DerivativeEntries(newest->observation()).count(std::string(key)) > 0;
      return DeleteUnless(said, newest.status(), Table::kDerivative, key);
    });
  }

  absl::Status AlertsOfReleases() {
    RETURN_IF_ERROR(
        Each(Table::kAlert, [this](std::string_view key, std::string_view value) -> absl::Status {
          ASSIGN_OR_RETURN(const uint64_t sequence, ParseSequenceKey(key));
          ASSIGN_OR_RETURN(const auto alert, ParseRecord<v1::Alert>(Table::kAlert, key, value));
          if (alert.is_about_hub()) return absl::OkStatus();
          return Put(Table::kAlertOf, VersionKey(alert.key(), sequence), "");
        }));
    return Each(Table::kAlertOf, [this](std::string_view key, std::string_view) {
      const auto at = ParseVersionKey(key);
      if (!at.ok()) return Delete(Table::kAlertOf, key);
      const auto alert = GetRecord<v1::Alert>(store_, Table::kAlert, SequenceKey(at->sequence));
      const bool said =
          alert.ok() && !alert->is_about_hub() && VersionKey(alert->key(), at->sequence) == key;
      return DeleteUnless(said, alert.status(), Table::kAlertOf, key);
    });
  }

  static std::string DueKeyOf(const v1::StoredWork& stored) {
    return DueKey(stored.work().hub(), stored.priority(), stored.due_us(), stored.work().id());
  }

  absl::Status Due() {
    RETURN_IF_ERROR(
        Each(Table::kWork, [this](std::string_view key, std::string_view value) -> absl::Status {
          ASSIGN_OR_RETURN(const auto stored,
                           ParseRecord<v1::StoredWork>(Table::kWork, key, value));
          return Put(Table::kDue, DueKeyOf(stored), "");
        }));
    return Each(Table::kDue, [this](std::string_view key, std::string_view) {
      const auto at = ParseDueKey(key);
      if (!at.ok()) return Delete(Table::kDue, key);
      const auto work = GetRecord<v1::StoredWork>(store_, Table::kWork, at->work_id);
      return DeleteUnless(work.ok() && DueKeyOf(*work) == key, work.status(), Table::kDue, key);
    });
  }

  // Whether the release has, or had, the name of the key.
  bool HoldsName(std::string_view release, std::string_view name_key) const {
    const auto key = ParseReleaseKey(release);
    if (!key.ok()) return false;
    const auto head = GetHead(store_, *key);
    if (!head.ok()) return false;
    if (NameKey(key->hub(), head->name()) == name_key) return true;
    for (const std::string& former : head->former_names()) {
      if (NameKey(key->hub(), former) == name_key) return true;
    }
    return false;
  }

  // The names whose holder has to be found again. A release that is there and took its name later
  // than the holder last changed should hold it itself.
  absl::Status SuspectNames(std::map<std::string, Holder>& suspects) {
    RETURN_IF_ERROR(Each(Table::kName, [&](std::string_view key, std::string_view value) {
      if (!HoldsName(value, key)) suspects[std::string(key)];
      return absl::OkStatus();
    }));
    return Each(Table::kLatest, [&](std::string_view key, std::string_view value) -> absl::Status {
      ASSIGN_OR_RETURN(const v1::ReleaseKey release, ParseReleaseKey(key));
      ASSIGN_OR_RETURN(const auto head, ParseRecord<v1::StoredHead>(Table::kLatest, key, value));
      for (const std::string& former : head.former_names()) {
        std::string name = NameKey(release.hub(), former);
        if (!store_.Get(Table::kName, name).ok()) suspects[std::move(name)];
      }
      std::string name = NameKey(release.hub(), head.name());
      const auto holder = store_.Get(Table::kName, name);
      if (holder.ok() && *holder == key) return absl::OkStatus();
      suspects[std::move(name)];
      return absl::OkStatus();
    });
  }

  absl::Status Names() {
    std::map<std::string, Holder> suspects;
    RETURN_IF_ERROR(SuspectNames(suspects));
    if (suspects.empty()) return absl::OkStatus();
    RETURN_IF_ERROR(Each(
        Table::kObservation, [&](std::string_view key, std::string_view value) -> absl::Status {
          ASSIGN_OR_RETURN(const ReleaseSequence at, ParseVersionKey(key));
          ASSIGN_OR_RETURN(const auto stored,
                           ParseRecord<v1::StoredVersion>(Table::kObservation, key, value));
          const auto found = suspects.find(NameKey(at.key.hub(), stored.observation().name()));
          if (found == suspects.end()) return absl::OkStatus();
          // As ingest gave it: the newest that was there; else whoever was first.
          const bool present = stored.observation().access().presence() == v1::PRESENT;
          Holder& holder = found->second;
          const bool better =
              holder.version == 0 || (present && !holder.present) ||
              (present == holder.present && (at.sequence > holder.version) == present);
          if (better) holder = {at.sequence, present, ReleaseKeyBytes(at.key)};
          return absl::OkStatus();
        }));
    for (const auto& [name, holder] : suspects) {
      RETURN_IF_ERROR(holder.version == 0 ? Delete(Table::kName, name)
                                          : Put(Table::kName, name, holder.release));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<uint64_t> Count(Table table) {
    uint64_t count = 0;
    RETURN_IF_ERROR(store_.Scan(table, "", "", [&](std::string_view, std::string_view) {
      ++count;
      return true;
    }));
    return count;
  }

  absl::Status HubCounts() {
    std::map<std::string, uint64_t> releases;
    RETURN_IF_ERROR(
        Each(Table::kLatest, [&](std::string_view key, std::string_view) -> absl::Status {
          ASSIGN_OR_RETURN(const v1::ReleaseKey release, ParseReleaseKey(key));
          ++releases[release.hub()];
          return absl::OkStatus();
        }));
    return Each(Table::kHub, [&](std::string_view key, std::string_view value) -> absl::Status {
      ASSIGN_OR_RETURN(auto hub, ParseRecord<v1::StoredHub>(Table::kHub, key, value));
      if (hub.releases() == releases[std::string(key)]) return absl::OkStatus();
      hub.set_releases(releases[std::string(key)]);
      return Put(Table::kHub, key, hub.SerializeAsString());
    });
  }

  absl::Status FindingCounts(v1::StoredState& state) {
    ASSIGN_OR_RETURN(v1::StoredIdentifiers stored, GetIdentifiers(store_));
    uint64_t all = 0;
    uint64_t all_bytes = 0;
    for (auto& identifier : *stored.mutable_identifiers()) {
      uint64_t findings = 0;
      uint64_t bytes = 0;
      const std::string prefix = FindingPrefix(identifier.number());
      RETURN_IF_ERROR(store_.Scan(Table::kFinding, prefix, PrefixEnd(prefix),
                                  [&](std::string_view key, std::string_view value) {
                                    ++findings;
                                    bytes += key.size() + value.size();
                                    return true;
                                  }));
      if (identifier.findings() != findings || identifier.bytes() != bytes) {
        identifier.set_findings(findings);
        identifier.set_bytes(bytes);
        RETURN_IF_ERROR(Put(Table::kMeta, kIdentifiersKey, stored.SerializeAsString()));
      }
      all += findings;
      all_bytes += bytes;
    }
    state.set_findings(all);
    state.set_finding_bytes(all_bytes);
    return absl::OkStatus();
  }

  absl::Status Counts() {
    RETURN_IF_ERROR(HubCounts());
    ASSIGN_OR_RETURN(const v1::StoredState before, GetState(store_));
    v1::StoredState state = before;
    ASSIGN_OR_RETURN(const uint64_t releases, Count(Table::kLatest));
    ASSIGN_OR_RETURN(const uint64_t versions, Count(Table::kObservation));
    ASSIGN_OR_RETURN(const uint64_t assessments, Count(Table::kAssessment));
    ASSIGN_OR_RETURN(const uint64_t alerts, Count(Table::kAlert));
    ASSIGN_OR_RETURN(const uint64_t blobs, Count(Table::kBlob));
    state.set_releases(releases);
    state.set_versions(versions);
    state.set_assessments(assessments);
    state.set_alerts(alerts);
    state.set_blobs(blobs);
    RETURN_IF_ERROR(FindingCounts(state));
    if (state.SerializeAsString() == before.SerializeAsString()) return absl::OkStatus();
    return Put(Table::kMeta, kStateKey, state.SerializeAsString());
  }

  Store& store_;
  Batch batch_;
  uint64_t changed_ = 0;
};

}  // namespace

absl::StatusOr<uint64_t> RepairIndexes(Store& store) { return Repairer(store).Run(); }

absl::StatusOr<uint64_t> RepairStore(const std::string& data_dir) {
  RETURN_IF_ERROR(RequireDatabase(data_dir));
  ASSIGN_OR_RETURN(const auto store, OpenRocksStore(DatabasePath(data_dir), {}));
  RETURN_IF_ERROR(RequireSchema(*store, kSchemaVersion));
  return RepairIndexes(*store);
}

}  // namespace modelwatch::indexer
