// SPDX-License-Identifier: Apache-2.0
// Which files of a release are worth reading: its card and what looks like a licence.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace modelwatch::crawler {

// More licence-like files than this are not read: the ones nearest to the root win, then by name.
// Real releases have 1 to 4; a repository that collects software may have thousands.
inline constexpr size_t kMaxWantedFiles = 32;

// The card: README.md at the root.
inline constexpr char kCardPath[] = "README.md";

// By its last segment, letter case aside: LICENSE*, LICENCE*, COPYING*, NOTICE*, USE_POLICY*,
// *license*, *licence*, *agreement*, but no weights, pictures or archives ("license_plate.onnx").
[[nodiscard]] bool IsLicenceLike(std::string_view path);

// Relative, at most 512 bytes of valid UTF-8, no empty or dot segments, no backslash or control
// byte: what may stand in a URL and in an observation.
[[nodiscard]] bool IsSafePath(std::string_view path);

// The files to read out of all `paths`, sorted, no repeats; at most kMaxWantedFiles.
[[nodiscard]] std::vector<std::string> PickFiles(const std::vector<std::string>& paths);

// A GGUF file, whose header may name a licence.
[[nodiscard]] bool IsGguf(std::string_view path);

// Of two GGUF files of a release, whether `path` is the one to read: nearest to the root, and no
// projector or importance matrix of another; then by name, so that of shards it is the first. Every
// file of a release is made by one conversion, and says the same.
[[nodiscard]] bool IsBetterGguf(std::string_view path, std::string_view than);

}  // namespace modelwatch::crawler
