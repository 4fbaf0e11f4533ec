// SPDX-License-Identifier: Apache-2.0
#include "indexer/indexer.h"

#include "indexer/client/remote_index.h"

namespace modelwatch::indexer {

struct Indexer::Parts {
  std::string address;
};

Indexer::Indexer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Indexer::~Indexer() = default;

absl::StatusOr<std::unique_ptr<Indexer>> Indexer::Open(const IndexerOptions&, const common::Clock&,
                                                       common::Metrics&) {
  return absl::UnimplementedError("the store is not built yet");
}

std::unique_ptr<Index> Indexer::InProcess() { return nullptr; }
const std::string& Indexer::address() const { return parts_->address; }
int Indexer::listen_port() const { return 0; }
void Indexer::Stop() {}

absl::StatusOr<OpenedReader> OpenReader(const std::string&) {
  return absl::UnimplementedError("the store is not built yet");
}
absl::StatusOr<std::unique_ptr<Index>> ConnectLocal(const std::string&) {
  return absl::UnimplementedError("the store is not built yet");
}
absl::StatusOr<StoreReport> CheckStore(const std::string&) {
  return absl::UnimplementedError("the store is not built yet");
}

}  // namespace modelwatch::indexer
