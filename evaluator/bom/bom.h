// SPDX-License-Identifier: Apache-2.0
// A bill of materials of one release, as other tools read it: what it is, under which licence it is
// declared and was found to be, and what it is made from.
//
// Pure: the same source gives the same bytes; times are those of the record, no clock is read.
// Texts of publishers stand in it as one line of at most 512 bytes, without control characters. A
// licence that is not on SPDX's list is a name or a LicenseRef-, never an id. At most 256 bases are
// listed; the rest are counted.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "modelwatch/v1/read.pb.h"

namespace modelwatch::evaluator {

inline constexpr size_t kMostBomBases = 256;

struct BomBase {
  std::string name;                               // as the release declares it
  std::string relation;                           // finetune | adapter | quantized | merge | ""
  std::optional<v1::GetReleaseResponse> release;  // when the index has it
};

struct BomSource {
  v1::GetReleaseResponse release;  // of a model
  std::vector<BomBase> bases;      // in the order declared
  std::string endpoint;            // of its hub, e.g. "https://huggingface.co"
  std::string program_version;
};

// CycloneDX 1.6 ML-BOM, JSON.
// Source: https://cyclonedx.org/docs/1.6/json/ (read 2026-11).
[[nodiscard]] std::string CycloneDxBom(const BomSource& source);

// SPDX 3.0.1 with the AI profile, JSON-LD.
// Source: https://spdx.github.io/spdx-spec/v3.0.1/ (read 2026-11).
[[nodiscard]] std::string Spdx3Bom(const BomSource& source);

}  // namespace modelwatch::evaluator
