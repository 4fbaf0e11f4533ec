// SPDX-License-Identifier: Apache-2.0
// What every subcommand shares: exit codes, common options, how an error reaches a person.
//
// A subcommand is one file with `void Add<Name>Command(CLI::App& app, int& exit_code)`, listed in
// commands.h. It declares its options on `app` and sets `exit_code` in its callback. CLI11 stays in
// cli/: it costs 5 s of compile time a file.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace modelwatch::cli {

// The command-line contract (docs/operations.md).
inline constexpr int kDone = 0;    // done, or clean
inline constexpr int kFailed = 1;  // could not do it
inline constexpr int kFound = 2;   // a finding, for `check`
inline constexpr int kUsage = 64;  // unknown flag, missing argument

enum class Format { kText, kJson };

// --data DIR: default $MODELWATCH_DATA, else ./data.
void AddDataOption(CLI::App& command, std::string& data_dir);
// --format text|json: JSON goes to standard output alone.
void AddFormatOption(CLI::App& command, Format& format);
// --corpus FILE: default $MODELWATCH_CORPUS, else share/modelwatch/corpus.bin beside the program's
// bin directory, else corpus.bin beside the program.
void AddCorpusOption(CLI::App& command, std::string& corpus_path);

// --as-of SEQUENCE|TIME, and --reassessments, which needs it.
void AddAsOfOptions(CLI::App& command, std::string& as_of, bool& reassessments);

// Adds an example to the subcommand's --help.
void SetExample(CLI::App& command, std::string_view example);

// Prints "modelwatch: <message>" on standard error, one line, and returns kFailed; kDone when OK.
[[nodiscard]] int Report(const absl::Status& status);

// A wrong call: one line that names the mistake and where to read on, and kUsage.
[[nodiscard]] int ReportUsage(const CLI::App& app, const CLI::ParseError& error);

// Writes to standard output; a closed pipe ends the program quietly.
void Print(std::string_view line);

}  // namespace modelwatch::cli
