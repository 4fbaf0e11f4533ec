// SPDX-License-Identifier: Apache-2.0
// Compiles licence text files into one corpus.
//
// Pure: the caller reads the files. Accepts four layouts, told apart by content: ScanCode's licence
// files (YAML front matter with `key`, then the text), ScanCode's rules (.RULE files: front matter
// with `license_expression`, then the words that tell it), the npm package spdx-license-list
// (spdx-full.json), and plain licence files (the file's stem is the key). A text of the SPDX list
// becomes a pattern of the ScanCode licence of that id, where there is one.
// Source of both ScanCode layouts: scancode-toolkit 32.5.0, licensedcode/models.py, read 2026-11.
// Deterministic: the same files in any order give the same bytes.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "modelwatch/v1/corpus.pb.h"

namespace modelwatch::evaluator {

// Not thread safe.
class CorpusBuilder {
 public:
  // A file of a licence folder. `path` is relative to the folder. Files that are no licence
  // (package manifests, scripts, empty ones) are passed over. INVALID_ARGUMENT: a ScanCode file or
  // an SPDX list that does not parse; the message names the path.
  absl::Status AddFile(std::string_view path, std::string_view bytes);

  // Where the texts are from: package name and version, or folder name.
  void AddSource(std::string_view name);

  // The compiled corpus. A text that an earlier layout holds word for word is taken once: ScanCode
  // before SPDX before plain files. FAILED_PRECONDITION: no licence was added.
  [[nodiscard]] absl::StatusOr<v1::Corpus> Build() const;

  [[nodiscard]] size_t size() const;

 private:
  absl::Status AddScancode(std::string_view path, std::string_view header, std::string_view text);
  absl::Status AddSpdxList(std::string_view path, std::string_view json);
  absl::Status AddRule(std::string_view path, std::string_view header, std::string_view text);
  void AddPlain(std::string_view path, std::string_view text);

  std::map<std::string, v1::CorpusLicence> scancode_, spdx_, plain_;  // by key
  std::map<std::string, v1::CorpusPattern> rules_;                    // by file name
  std::map<std::string, bool> sources_;
};

}  // namespace modelwatch::evaluator
