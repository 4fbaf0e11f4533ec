// SPDX-License-Identifier: Apache-2.0
// The subcommands of `modelwatch corpus`; each stands in the file of its name.
#pragma once

#include <string>

#include "absl/status/status.h"

namespace CLI {
class App;
}

namespace modelwatch::cli {

// Each declares its subcommand on `corpus` and, when that is called, runs it and sets `exit_code`.
// Both must outlive the parse.
void AddCorpusBuildCommand(CLI::App& corpus, int& exit_code);
void AddCorpusCandidatesCommand(CLI::App& corpus, int& exit_code);
void AddCorpusDiffCommand(CLI::App& corpus, int& exit_code);
void AddCorpusFingerprintCommand(CLI::App& corpus, int& exit_code);

}  // namespace modelwatch::cli
