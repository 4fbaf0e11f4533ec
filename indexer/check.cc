// SPDX-License-Identifier: Apache-2.0
#include "indexer/check.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/digest.h"
#include "common/status_macros.h"
#include "indexer/frontier/history.h"
#include "indexer/store/derivatives.h"
#include "indexer/store/facets.h"
#include "indexer/store/records.h"
#include "indexer/store/schema.h"
#include "proto/digests.h"
#include "proto/release_id.h"

namespace modelwatch::indexer {
namespace {

constexpr size_t kMostProblems = 100;

// Walks the tables one after the other. What a table refers to is looked up by key, so memory does
// not grow with the store.
class Checker {
 public:
  explicit Checker(const View& view) : view_(view) {}

  StoreReport Run() {
    CheckState();
    CheckVersions();
    CheckReleases();
    CheckSeen();
    CheckNames();
    CheckDerivatives();
    CheckFacets();
    CheckConclusions();
    CheckPasts();
    CheckBlobs();
    CheckOids();
    CheckLog();
    CheckAssessments();
    CheckAlerts();
    CheckHeld();
    CheckWork();
    CheckDue();
    CheckFindings();
    CheckCounts();
    return std::move(report_);
  }

 private:
  void Problem(std::string words) {
    ++report_.problem_count;
    if (report_.problems.size() < kMostProblems) report_.problems.push_back(std::move(words));
  }

  // Calls `check` for every record of a table; its error is a problem of that record.
  template <typename Check>
  void Each(Table table, const Check& check) {
    const absl::Status scanned =
        view_.Scan(table, "", "", [&](std::string_view key, std::string_view value) {
          const absl::Status status = check(key, value);
          if (!status.ok()) Problem(std::string(status.message()));
          return true;
        });
    if (!scanned.ok()) Problem(std::string(scanned.message()));
  }

  void Expect(bool holds, const std::string& what) {
    if (!holds) Problem(what);
  }

  bool Has(Table table, std::string_view key) const { return view_.Get(table, key).ok(); }

  void CheckState() {
    const auto schema = ReadSchemaVersion(view_);
    report_.schema_version = schema.value_or(0);
    Expect(schema.ok() && *schema == kSchemaVersion,
           absl::StrCat("schema version is ", report_.schema_version, ", not ", kSchemaVersion));
    auto state = GetState(view_);
    if (!state.ok()) return Problem(std::string(state.status().message()));
    state_ = *std::move(state);
    report_.newest_sequence = state_.newest_sequence();
    report_.oldest_sequence = state_.oldest_sequence();
  }

  void CheckFile(const v1::File& file, const std::string& what) {
    if (file.outcome() != v1::FETCHED) return;
    Expect(Has(Table::kBlob, file.digest()),
           absl::StrCat(what, ": the text of ", file.path(), " is missing"));
    const auto oid = common::FromHex(file.oid());
    if (!oid.ok() || oid->empty() || Has(Table::kOid, *oid)) return;
    // An oid stands there only when it is that of the text.
    const auto content = view_.Get(Table::kBlob, file.digest());
    Expect(!content.ok() || common::GitBlobOid(*content) != file.oid(),
           absl::StrCat(what, ": the oid of ", file.path(), " leads nowhere"));
  }

  absl::Status CheckVersion(std::string_view key, std::string_view value) {
    ASSIGN_OR_RETURN(const ReleaseSequence at, ParseVersionKey(key));
    ASSIGN_OR_RETURN(const auto stored,
                     ParseRecord<v1::StoredVersion>(Table::kObservation, key, value));
    ++report_.versions;
    const std::string what = absl::StrCat(proto::FormatKey(at.key), " version ", at.sequence);
    const std::string release = ReleaseKeyBytes(at.key);
    const bool first = release != previous_release_;
    Expect(stored.change().sequence() == at.sequence, what + ": its change has another sequence");
    Expect(ReleaseKeyBytes(stored.observation().key()) == release,
           what + ": stands under the key of another release");
    Expect(at.sequence <= state_.newest_sequence(), what + ": is beyond the newest sequence");
    Expect(stored.change().previous_version() == (first ? 0 : previous_version_),
           what + ": does not name the version before it");
    Expect(stored.change().kinds_size() > 0, what + ": has a change without a kind");
    for (const v1::File& file : stored.observation().files()) {
      CheckFile(file, what);
    }
    previous_release_ = release;
    previous_version_ = at.sequence;
    return absl::OkStatus();
  }

  void CheckVersions() {
    Each(Table::kObservation,
         [this](std::string_view key, std::string_view value) { return CheckVersion(key, value); });
  }

  // Whoever holds the name of a release that is there took it later than this one did.
  void CheckHolder(const v1::ReleaseKey& release, const v1::StoredHead& head,
                   const std::string& what) {
    const auto holder = view_.Get(Table::kName, NameKey(release.hub(), head.name()));
    Expect(holder.ok(), absl::StrCat(what, ": its name ", head.name(), " leads nowhere"));
    if (!holder.ok() || *holder == ReleaseKeyBytes(release)) return;
    if (head.presence() != v1::PRESENT) return;
    const auto other = GetRecord<v1::StoredHead>(view_, Table::kLatest, *holder);
    Expect(
        !other.ok() || other->version() > head.version(),
        absl::StrCat(what, ": its name ", head.name(), " leads to a release that had it before"));
  }

  absl::Status CheckRelease(std::string_view key, std::string_view value) {
    ASSIGN_OR_RETURN(const v1::ReleaseKey release, ParseReleaseKey(key));
    ASSIGN_OR_RETURN(const auto head, ParseRecord<v1::StoredHead>(Table::kLatest, key, value));
    ++report_.releases;
    head_versions_ += head.versions();
    const std::string what = proto::FormatKey(release);
    uint64_t newest = 0;
    std::optional<v1::StoredVersion> version;
    RETURN_IF_ERROR(view_.ScanBack(
        Table::kObservation, key, PrefixEnd(key), [&](std::string_view at, std::string_view bytes) {
          newest = ParseVersionKey(at).value_or(ReleaseSequence()).sequence;
          auto parsed = ParseRecord<v1::StoredVersion>(Table::kObservation, at, bytes);
          if (parsed.ok()) version = *std::move(parsed);
          return false;
        }));
    Expect(newest == head.version(), absl::StrCat(what, ": its head is version ", head.version(),
                                                  ", its newest is ", newest));
    Expect(Has(Table::kSeen, key), what + ": was never seen");
    if (!version.has_value()) return absl::OkStatus();
    Expect(proto::ObservationDigest(version->observation()) == head.digest(),
           what + ": the digest of its newest version differs from its head's");
    for (const auto& [entry, relation] : DerivativeEntries(version->observation())) {
      Expect(Has(Table::kDerivative, entry), what + ": a base does not know it");
    }
    for (const std::string& facet : FacetsOf(release)) {
      Expect(Has(Table::kFacet, facet), what + ": is not found by what it is");
    }
    Expect(head.past() != v1::PAST_WAITING || Has(Table::kWork, HistoryId(release)),
           what + ": its past is never read");
    CheckHolder(release, head, what);
    return absl::OkStatus();
  }

  void CheckReleases() {
    Each(Table::kLatest,
         [this](std::string_view key, std::string_view value) { return CheckRelease(key, value); });
  }

  void CheckSeen() {
    Each(Table::kSeen, [this](std::string_view key, std::string_view value) -> absl::Status {
      ASSIGN_OR_RETURN(const v1::ReleaseKey release, ParseReleaseKey(key));
      ASSIGN_OR_RETURN(const Seen seen, ParseSeenValue(value));
      // A release whose files failed at first sight has no version yet.
      Expect(seen.needs_visit || Has(Table::kLatest, key),
             proto::FormatKey(release) + ": was seen but has no version");
      return absl::OkStatus();
    });
  }

  void CheckNames() {
    Each(Table::kName, [this](std::string_view key, std::string_view value) -> absl::Status {
      ++report_.names;
      const std::string name(key.substr(std::min(key.size(), key.find('\0') + 1)));
      Expect(Has(Table::kLatest, value), absl::StrCat("the name ", name, " leads to no release"));
      return ParseReleaseKey(value).status();
    });
  }

  absl::Status CheckDerivative(std::string_view key, std::string_view relation) {
    ASSIGN_OR_RETURN(const DerivativeAt at, ParseDerivativeKey(key));
    const std::string what =
        absl::StrCat(proto::FormatKey(at.derivative), " as made from ", at.base);
    const auto head = GetHead(view_, at.derivative);
    if (!head.ok()) return absl::DataLossError(what + ": is not in the index");
    const auto newest = GetVersion(view_, at.derivative, head->version());
    if (!newest.ok()) return absl::OkStatus();  // said already
    const auto entries = DerivativeEntries(newest->observation());
    const auto entry = entries.find(std::string(key));
    Expect(entry != entries.end() && entry->second == relation,
           what + ": its newest version does not say so");
    return absl::OkStatus();
  }

  void CheckDerivatives() {
    Each(Table::kDerivative, [this](std::string_view key, std::string_view relation) {
      return CheckDerivative(key, relation);
    });
  }

  // The entries of a release, from its newest version and its conclusion.
  std::set<std::string> FacetsOf(const v1::ReleaseKey& key) {
    const auto head = GetHead(view_, key);
    if (!head.ok()) return {};
    const auto newest = GetVersion(view_, key, head->version());
    if (!newest.ok()) return {};
    std::set<std::string> facets = SeenFacets(newest->observation(), head->version());
    const auto conclusion =
        GetRecord<v1::StoredConclusion>(view_, Table::kConclusion, ReleaseKeyBytes(key));
    if (conclusion.ok()) facets.merge(ConclusionFacets(key, *conclusion));
    return facets;
  }

  void CheckFacets() {
    Each(Table::kFacet, [this](std::string_view key, std::string_view) -> absl::Status {
      ASSIGN_OR_RETURN(const FacetAt at, ParseFacetKey(key));
      Expect(FacetsOf(at.key).count(std::string(key)) > 0,
             absl::StrCat(proto::FormatKey(at.key), ": is found by '", at.value,
                          "', which it is not"));
      return absl::OkStatus();
    });
  }

  absl::Status CheckConclusion(std::string_view key, std::string_view value) {
    ASSIGN_OR_RETURN(const v1::ReleaseKey release, ParseReleaseKey(key));
    ASSIGN_OR_RETURN(const auto stored,
                     ParseRecord<v1::StoredConclusion>(Table::kConclusion, key, value));
    const std::string what = proto::FormatKey(release) + ": its conclusion";
    const auto newest = GetNewestAssessment(view_, release, stored.version());
    if (!newest.ok()) return absl::DataLossError(what + " is of no assessment");
    Expect(newest->sequence() == stored.assessment(), what + " is not of its newest assessment");
    return absl::OkStatus();
  }

  void CheckConclusions() {
    Each(Table::kConclusion, [this](std::string_view key, std::string_view value) {
      return CheckConclusion(key, value);
    });
  }

  absl::Status CheckPast(std::string_view key, std::string_view value) {
    ASSIGN_OR_RETURN(const v1::ReleaseKey release, ParseReleaseKey(key));
    ASSIGN_OR_RETURN(const auto past, ParseRecord<v1::StoredPast>(Table::kPast, key, value));
    Expect(Has(Table::kLatest, key), proto::FormatKey(release) + ": has a past but no version");
    int64_t previous = -1;
    for (const v1::PastVersion& version : past.versions()) {
      ++report_.past_versions;
      const std::string what =
          absl::StrCat(proto::FormatKey(release), " past version ", version.index());
      Expect(version.index() > previous, what + ": is out of its place");
      previous = version.index();
      Expect(common::IsGitOid(version.revision()), what + ": names no commit");
      Expect(version.recorded_after() <= state_.newest_sequence(),
             what + ": was recorded beyond the newest sequence");
      for (const v1::File& file : version.files()) {
        CheckFile(file, what);
      }
    }
    return absl::OkStatus();
  }

  void CheckPasts() {
    Each(Table::kPast,
         [this](std::string_view key, std::string_view value) { return CheckPast(key, value); });
  }

  void CheckBlobs() {
    Each(Table::kBlob, [this](std::string_view key, std::string_view value) {
      ++report_.blobs;
      report_.blob_bytes += value.size();
      Expect(common::Sha256(value) == key,
             absl::StrCat("the text ", common::ToHex(key), " has another digest"));
      return absl::OkStatus();
    });
  }

  void CheckOids() {
    Each(Table::kOid, [this](std::string_view key, std::string_view value) {
      const auto content = view_.Get(Table::kBlob, value);
      Expect(key.size() == common::kGitOidBytes && content.ok() &&
                 common::GitBlobOid(*content) == common::ToHex(key),
             absl::StrCat("the oid ", common::ToHex(key), " does not lead to its text"));
      return absl::OkStatus();
    });
  }

  void CheckLog() {
    uint64_t expected = std::max<uint64_t>(state_.oldest_sequence(), 1);
    Each(Table::kLog, [&](std::string_view key, std::string_view value) -> absl::Status {
      ASSIGN_OR_RETURN(const uint64_t sequence, ParseSequenceKey(key));
      Expect(sequence == expected,
             absl::StrCat("the log goes from ", expected - 1, " to ", sequence));
      expected = sequence + 1;
      ASSIGN_OR_RETURN(const auto record, ParseRecord<v1::LogRecord>(Table::kLog, key, value));
      return GetLogEntry(view_, sequence, record).status();
    });
    Expect(expected == state_.newest_sequence() + 1,
           absl::StrCat("the log ends at ", expected - 1, ", it was committed to ",
                        state_.newest_sequence()));
  }

  void CheckAssessments() {
    Each(Table::kAssessment, [this](std::string_view key, std::string_view value) -> absl::Status {
      ++report_.assessments;
      ASSIGN_OR_RETURN(const AssessmentAt at, ParseAssessmentKey(key));
      ASSIGN_OR_RETURN(const auto stored,
                       ParseRecord<v1::Assessment>(Table::kAssessment, key, value));
      Expect(Has(Table::kObservation, VersionKey(at.key, at.version)),
             absl::StrCat("assessment ", at.assessment, " is of a version that is not here"));
      Expect(Has(Table::kConclusion, ReleaseKeyBytes(at.key)),
             absl::StrCat("assessment ", at.assessment, " led to no conclusion"));
      Expect(stored.sequence() == at.assessment,
             absl::StrCat("assessment ", at.assessment, " has another sequence"));
      return absl::OkStatus();
    });
  }

  void CheckAlerts() {
    uint64_t listed = 0;
    uint64_t about_hubs = 0;
    Each(Table::kAlert, [&](std::string_view key, std::string_view value) -> absl::Status {
      ++report_.alerts;
      ASSIGN_OR_RETURN(const uint64_t sequence, ParseSequenceKey(key));
      ASSIGN_OR_RETURN(const auto alert, ParseRecord<v1::Alert>(Table::kAlert, key, value));
      if (alert.is_about_hub()) {
        ++about_hubs;
        return absl::OkStatus();
      }
      Expect(Has(Table::kAlertOf, VersionKey(alert.key(), sequence)),
             absl::StrCat("alert ", sequence, " is not listed under its release"));
      return absl::OkStatus();
    });
    Each(Table::kAlertOf, [&](std::string_view key, std::string_view) -> absl::Status {
      ++listed;
      return ParseVersionKey(key).status();
    });
    Expect(listed + about_hubs == report_.alerts,
           absl::StrCat(listed, " alerts are listed under releases, ", report_.alerts - about_hubs,
                        " are about one"));
  }

  void CheckHeld() {
    Each(Table::kHeld, [this](std::string_view key, std::string_view value) -> absl::Status {
      ASSIGN_OR_RETURN(const v1::ReleaseKey release, ParseReleaseKey(key));
      Expect(Has(Table::kLatest, key),
             proto::FormatKey(release) + ": an alert waits for a release that is not here");
      return ParseRecord<v1::PendingAlert>(Table::kHeld, key, value).status();
    });
  }

  void CheckWork() {
    Each(Table::kWork, [this](std::string_view key, std::string_view value) -> absl::Status {
      ++report_.work;
      ASSIGN_OR_RETURN(const auto stored, ParseRecord<v1::StoredWork>(Table::kWork, key, value));
      Expect(stored.work().id() == key, absl::StrCat("work ", std::string(key), " has another id"));
      Expect(stored.work().token() <= state_.last_token(),
             absl::StrCat("work ", std::string(key), " has a token that was never given"));
      Expect(Has(Table::kDue, DueKey(stored.work().hub(), stored.priority(), stored.due_us(),
                                     stored.work().id())),
             absl::StrCat("work ", std::string(key), " is never due"));
      return absl::OkStatus();
    });
  }

  void CheckDue() {
    uint64_t due = 0;
    Each(Table::kDue, [&](std::string_view key, std::string_view) -> absl::Status {
      ++due;
      ASSIGN_OR_RETURN(const DueAt at, ParseDueKey(key));
      Expect(Has(Table::kWork, at.work_id), absl::StrCat("due work ", at.work_id, " is not here"));
      return absl::OkStatus();
    });
    Expect(due == report_.work,
           absl::StrCat(due, " units of work are due, ", report_.work, " exist"));
  }

  void CheckFindings() {
    const auto stored = GetIdentifiers(view_);
    if (!stored.ok()) return Problem(std::string(stored.status().message()));
    std::map<uint32_t, std::pair<uint64_t, uint64_t>> counted;  // number: findings, bytes
    Each(Table::kFinding, [&](std::string_view key, std::string_view value) -> absl::Status {
      ++report_.findings;
      report_.finding_bytes += key.size() + value.size();
      ASSIGN_OR_RETURN(const FindingAt at, ParseFindingKey(key));
      auto& [findings, bytes] = counted[at.identifier];
      ++findings;
      bytes += key.size() + value.size();
      Expect(Has(Table::kBlob, at.digest),
             absl::StrCat("the finding of ", common::ToHex(at.digest), " is of a text not here"));
      return ParseRecord<v1::Finding>(Table::kFinding, key, value).status();
    });
    for (const auto& identifier : stored->identifiers()) {
      const auto [findings, bytes] = counted[identifier.number()];
      counted.erase(identifier.number());
      Expect(findings == identifier.findings() && bytes == identifier.bytes(),
             absl::StrCat("the memo of ", identifier.version(), " has ", findings, " findings, ",
                          identifier.findings(), " were committed, or another size"));
      Expect(identifier.number() <= stored->last_number(),
             absl::StrCat("the memo of ", identifier.version(), " has a number never given"));
    }
    Expect(counted.empty(), "findings stand under an identifier version that was dropped");
  }

  void CheckCounts() {
    const auto expect = [this](const char* what, uint64_t counted, uint64_t stored) {
      Expect(counted == stored,
             absl::StrCat(what, ": ", counted, " found, ", stored, " in the state"));
    };
    expect("releases", report_.releases, state_.releases());
    expect("versions", report_.versions, state_.versions());
    expect("versions of heads", report_.versions, head_versions_);
    expect("assessments", report_.assessments, state_.assessments());
    expect("alerts", report_.alerts, state_.alerts());
    expect("blobs", report_.blobs, state_.blobs());
    expect("findings", report_.findings, state_.findings());
    expect("bytes of findings", report_.finding_bytes, state_.finding_bytes());
    uint64_t of_hubs = 0;
    Each(Table::kHub, [&](std::string_view key, std::string_view value) -> absl::Status {
      ASSIGN_OR_RETURN(const auto hub, ParseRecord<v1::StoredHub>(Table::kHub, key, value));
      of_hubs += hub.releases();
      return absl::OkStatus();
    });
    expect("releases of hubs", report_.releases, of_hubs);
  }

  const View& view_;
  StoreReport report_;
  v1::StoredState state_;
  std::string previous_release_;
  uint64_t previous_version_ = 0;
  uint64_t head_versions_ = 0;
};

}  // namespace

StoreReport CheckRecords(const View& view) { return Checker(view).Run(); }

}  // namespace modelwatch::indexer
