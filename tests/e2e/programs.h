// SPDX-License-Identifier: Apache-2.0
// The programs of this build, as a user would start them.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "testing/process.h"

namespace modelwatch::e2e {

// build/<preset>/modelwatch, and the replay hub beside its tests.
[[nodiscard]] std::string Modelwatch();
[[nodiscard]] std::string ReplayHub();
// A small corpus of the installed licence texts: what set-up compiles beside the program.
[[nodiscard]] std::string Corpus();
// Where set-up put the licence texts; tests that need them fail, not skip, without.
[[nodiscard]] std::string LicenceTexts();

// The last word of a line, where servers print their address.
[[nodiscard]] std::string LastWord(const std::string& line);

// A port on loopback that was free a moment ago.
[[nodiscard]] int FreePort();

// GET over HTTP/1.1 on loopback; the body of a 200. UNAVAILABLE otherwise, with the status.
[[nodiscard]] absl::StatusOr<std::string> Get(const std::string& url);
// POST without a body, to the replay hub's control door.
[[nodiscard]] absl::StatusOr<std::string> Post(const std::string& url);

// Runs modelwatch to its end and reads standard output as JSON Lines. INTERNAL when it exits with
// another code than 0, with its standard error.
[[nodiscard]] absl::StatusOr<std::vector<nlohmann::json>> JsonLines(
    std::vector<std::string> arguments);

}  // namespace modelwatch::e2e
