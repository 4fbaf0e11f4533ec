// SPDX-License-Identifier: Apache-2.0
// What the judges of the formats say of our BOMs: @cyclonedx/cyclonedx-library (strict) and, for
// SPDX, spdx3-validate and the model of spdx-python-model. They come from .deps (deploy/setup.sh
// --for test).
#include <gmock/gmock.h>

#include "bom_sources.h"
#include "common/atomic_file.h"
#include "testing/process.h"
#include "testing/status_matchers.h"
#include "testing/temp_dir.h"

namespace modelwatch::evaluator {
namespace {

class JudgesTest : public ::testing::Test {
 protected:
  void WriteAll(std::string (*make)(const BomSource&)) {
    for (const auto& [name, source] : AllSources()) {
      ASSERT_OK(common::WriteFileAtomically(dir_.Sub(name + ".json"), make(source)));
    }
  }
  static void ExpectToPass(const std::vector<std::string>& command) {
    ASSERT_OK_AND_ASSIGN(const testing::Ended ended,
                         testing::RunProcess(command, absl::Seconds(150)));
    EXPECT_EQ(ended.exit_code, 0) << ended.out << ended.err;
  }
  static std::string Script(const std::string& name) {
    return MODELWATCH_SOURCE_DIR "/tests/evaluator/bom/" + name;
  }

  const testing::TempDir dir_;
};

TEST_F(JudgesTest, TheCycloneDxLibraryAcceptsEveryBomAndRefusesAnInventedId) {
  WriteAll(&CycloneDxBom);
  ExpectToPass({"node", Script("validate_cyclonedx.mjs"), dir_.path().string(),
                MODELWATCH_DEPS "/npm/node_modules"});
}

TEST_F(JudgesTest, TheSpdxJudgesAcceptEveryBomAndRefuseABrokenOne) {
  WriteAll(&Spdx3Bom);
  ExpectToPass(
      {MODELWATCH_DEPS "/python/bin/python", Script("validate_spdx3.py"), dir_.path().string()});
}

}  // namespace
}  // namespace modelwatch::evaluator
