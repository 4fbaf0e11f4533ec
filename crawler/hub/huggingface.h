// SPDX-License-Identifier: Apache-2.0
// Hugging Face's Hub and everything that speaks its protocol (mirrors, the replay hub).
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "crawler/hub/hub.h"

namespace modelwatch::crawler {

// What the Hub has, each listed by itself.
enum class ReleaseKind { kModels, kDatasets, kSpaces };

// `endpoint` is a base URL such as https://huggingface.co. INVALID_ARGUMENT: it is none, or has a
// path. What each status means: the Hub's error matrix as its official client reads it
// (huggingface_hub utils/_http.py, 2026-08) and captures of 2026.
// Names of datasets and spaces begin with their kind, as in the Hub's own addresses.
[[nodiscard]] absl::StatusOr<std::unique_ptr<Hub>> NewHuggingFace(
    std::string name, std::string endpoint, ReleaseKind kind = ReleaseKind::kModels);

}  // namespace modelwatch::crawler
