// SPDX-License-Identifier: Apache-2.0
// Real recorded data beside the checkout (../shared/data), or named by $MODELWATCH_SHARED.
//
//   SKIP_WITHOUT_SHARED_DATA();   // says plainly that the test is skipped, and why
//   const auto path = SharedData("hf-2022/models.jsonl.zst");
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string_view>

namespace modelwatch::testing {

inline std::filesystem::path SharedRoot() {
  if (const char* named = std::getenv("MODELWATCH_SHARED")) return named;
  return std::filesystem::path(MODELWATCH_SOURCE_DIR).parent_path() / "shared";
}

inline std::filesystem::path SharedData(std::string_view name) {
  return SharedRoot() / "data" / name;
}

}  // namespace modelwatch::testing

#define SKIP_WITHOUT_SHARED_DATA()                                            \
  if (!std::filesystem::exists(::modelwatch::testing::SharedRoot() / "data")) \
  GTEST_SKIP() << "real recorded data is not beside this checkout (" +        \
                      ::modelwatch::testing::SharedRoot().string() + ")"
