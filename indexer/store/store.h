// SPDX-License-Identifier: Apache-2.0
// Store: ordered tables of bytes that change by atomic, durable batches. What the rest of the
// indexer sees of the database; docs/storage.md says what stands in each table.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace modelwatch::indexer {

// One column family each. The order is not stored; the names in kTableNames are.
enum class Table : uint8_t {
  kMeta,
  kObservation,
  kLatest,
  kSeen,
  kName,
  kBlob,
  kOid,
  kLog,
  kAssessment,
  kAlert,
  kAlertOf,
  kHeld,
  kDue,
  kWork,
  kHub,
  kFinding,
  kDerivative,
  kPast,
  kFacet,
  kConclusion,
};
inline constexpr size_t kTables = 20;

// DO NOT CHANGE: these names are on disk.
inline constexpr std::string_view kTableNames[kTables] = {
    "meta", "observation", "latest",     "seen",     "name",  "blob",      "oid",
    "log",  "assessment",  "alert",      "alert_of", "held",  "due",       "work",
    "hub",  "finding",     "derivative", "past",     "facet", "conclusion"};

// What one commit does. Later operations on a key win.
class Batch {
 public:
  struct Operation {
    enum class Kind : uint8_t { kPut, kDelete, kDeleteRange };
    Kind kind;
    Table table;
    std::string key;
    std::string value;  // kDeleteRange: the end of the range [key, value)
  };

  void Put(Table table, std::string key, std::string value) {
    operations_.push_back({Operation::Kind::kPut, table, std::move(key), std::move(value)});
  }
  void Delete(Table table, std::string key) {
    operations_.push_back({Operation::Kind::kDelete, table, std::move(key), ""});
  }
  void DeleteRange(Table table, std::string begin, std::string end) {
    operations_.push_back({Operation::Kind::kDeleteRange, table, std::move(begin), std::move(end)});
  }
  [[nodiscard]] const std::vector<Operation>& operations() const { return operations_; }
  [[nodiscard]] bool empty() const { return operations_.empty(); }

 private:
  std::vector<Operation> operations_;
};

// Reads of a store, or of one moment of it. Thread-safe.
class View {
 public:
  // False to stop. The views are valid during the call only.
  using Each = std::function<bool(std::string_view key, std::string_view value)>;

  virtual ~View() = default;
  // NOT_FOUND; DATA_LOSS when the bytes on disk are damaged.
  [[nodiscard]] virtual absl::StatusOr<std::string> Get(Table table,
                                                        std::string_view key) const = 0;
  // Every key in [begin, end) in ascending byte order; an empty `end` has no limit.
  [[nodiscard]] virtual absl::Status Scan(Table table, std::string_view begin, std::string_view end,
                                          const Each& each) const = 0;
  // The same keys, descending.
  [[nodiscard]] virtual absl::Status ScanBack(Table table, std::string_view begin,
                                              std::string_view end, const Each& each) const = 0;
};

// Thread-safe. Reads see every write that was acknowledged.
class Store : public View {
 public:
  // All of it or nothing, on disk when it returns OK. UNAVAILABLE: it could not be written (disk
  // full or failing); nothing was changed, and writes stay refused until Recover() succeeds.
  // FAILED_PRECONDITION: the store was opened read-only.
  [[nodiscard]] virtual absl::Status Write(const Batch& batch) = 0;
  // Tries to leave the state after a failed write. UNAVAILABLE: not yet; try again later.
  [[nodiscard]] virtual absl::Status Recover() = 0;
  // The store as it is now, unmoved by later writes. Must not outlive the store. Keep it briefly:
  // it pins what is overwritten meanwhile.
  [[nodiscard]] virtual std::unique_ptr<View> Snapshot() const = 0;
};

}  // namespace modelwatch::indexer
