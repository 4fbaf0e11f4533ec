// SPDX-License-Identifier: Apache-2.0
// What stands where in a data directory, and how the running indexer is found from it.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace modelwatch::indexer {

// DATA/db, DATA/indexer.address, DATA/indexer.sock.
[[nodiscard]] std::string DatabasePath(const std::string& data_dir);
[[nodiscard]] std::string AddressPath(const std::string& data_dir);
[[nodiscard]] std::string SocketPath(const std::string& data_dir);

// What the local server listens on: the Unix socket, or 127.0.0.1 and any free port where the path
// is too long for a socket address (108 bytes with its end, unix(7)).
[[nodiscard]] std::string LocalListenAddress(const std::string& data_dir);

// Makes the directory, with what is above it. UNAVAILABLE: not possible.
[[nodiscard]] absl::Status MakeDataDir(const std::string& data_dir);

// NOT_FOUND with a hint when the directory is absent or holds no database.
[[nodiscard]] absl::Status RequireDatabase(const std::string& data_dir);

// The gRPC target of the indexer that says it serves this directory. NOT_FOUND: none does. Whether
// it answers is for the caller to find out: a killed indexer leaves the file behind.
[[nodiscard]] absl::StatusOr<std::string> ReadAddress(const std::string& data_dir);

}  // namespace modelwatch::indexer
