// SPDX-License-Identifier: Apache-2.0
#include "cli/checkout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "testing/status_matchers.h"
#include "testing/temp_dir.h"

namespace modelwatch::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;

class CheckoutTest : public ::testing::Test {
 protected:
  void Write(const std::string& name, const std::string& bytes = "x") {
    fs::create_directories(fs::path(dir_.Sub(name)).parent_path());
    std::ofstream(dir_.Sub(name), std::ios::binary) << bytes;
  }
  testing::TempDir dir_;
};

TEST_F(CheckoutTest, ReadsTheCardAndTheLicenceAndOnlyNamesTheRest) {
  Write("README.md", "---\nlicense: mit\nlicense_name: none\n---\n# Model\n");
  Write("LICENSE", "words");
  Write("model.safetensors");
  Write("sub/license_plate_detector.safetensors");
  Write(".git/config");
  const auto checkout = ReadCheckout(dir_.path().string());
  ASSERT_OK(checkout);
  EXPECT_THAT(checkout->paths, ElementsAre("LICENSE", "README.md", "model.safetensors",
                                           "sub/license_plate_detector.safetensors"));
  const v1::Observation& seen = checkout->version.observation();
  ASSERT_EQ(seen.files_size(), 2);
  EXPECT_EQ(seen.files(0).path(), "LICENSE");
  EXPECT_EQ(seen.files(0).outcome(), v1::FETCHED);
  EXPECT_THAT(seen.declared().card_licences(), ElementsAre("mit"));
  ASSERT_EQ(checkout->files().size(), 2u);
  EXPECT_EQ(checkout->files()[0].bytes, "words");
}

TEST_F(CheckoutTest, IsJudgedWithoutAServer) {
  Write("README.md",
        "---\nlicense: apache-2.0\nlibrary_name: transformers\n---\n# Model\nA model.\n");
  Write("model.safetensors");
  const auto checkout = ReadCheckout(dir_.path().string());
  ASSERT_OK(checkout);
  const evaluator::Assessor assessor(nullptr, evaluator::TermsTable::Builtin());
  const v1::Assessment assessment =
      assessor.Assess(checkout->version, checkout->files(), nullptr, &checkout->paths);
  ASSERT_EQ(assessment.verdicts_size(), 4);
  EXPECT_EQ(assessment.verdicts(0).framework(), "redhat");
  EXPECT_EQ(assessment.verdicts(0).verdict(), "met if the declared licence holds");
}

TEST_F(CheckoutTest, RefusesAFolderThatIsNoRelease) {
  Write("notes.txt");
  EXPECT_EQ(ReadCheckout(dir_.path().string()).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReadCheckout(dir_.Sub("nowhere")).status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace modelwatch::cli
