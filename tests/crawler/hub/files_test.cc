// SPDX-License-Identifier: Apache-2.0
#include "crawler/hub/files.h"

#include <gmock/gmock.h>

namespace modelwatch::crawler {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::SizeIs;

TEST(FilesTest, KnowsLicenceLikeNames) {
  for (const char* path :
       {"LICENSE", "LICENSE.md", "license.txt", "LICENCE", "COPYING", "COPYING.LESSER", "NOTICE",
        "Notice.txt", "USE_POLICY.md", "use_policy.pdf", "LICENSE-MODEL", "LICENSE_CODE",
        "gemma_license.txt", "MODEL_LICENSE.pdf", "Community License Agreement.docx",
        "model-agreement.txt", "original/LICENSE", "docs/Llama-Licence.txt"}) {
    EXPECT_TRUE(IsLicenceLike(path)) << path;
  }
}

TEST(FilesTest, KnowsWhatIsNoLicence) {
  for (const char* path :
       {"config.json", "README.md", "license_plate.onnx", "license-plate/config.json",
        "unlicensed.bin", "licenses/weights.safetensors", "my_notice.txt", "copy.txt"}) {
    EXPECT_FALSE(IsLicenceLike(path)) << path;
  }
}

TEST(FilesTest, PicksTheCardAndTheLicencesSorted) {
  EXPECT_THAT(
      PickFiles({"model.bin", "README.md", "LICENSE", "sub/README.md", "USE_POLICY.md", "LICENSE"}),
      ElementsAre("LICENSE", "README.md", "USE_POLICY.md"));
}

TEST(FilesTest, PrefersTheRootWhenThereAreTooMany) {
  std::vector<std::string> paths;
  for (int i = 0; i < 1000; ++i) paths.push_back("third_party/" + std::to_string(i) + "/LICENSE");
  paths.emplace_back("zz-license.txt");
  paths.emplace_back("README.md");
  const std::vector<std::string> picked = PickFiles(paths);
  EXPECT_THAT(picked, SizeIs(kMaxWantedFiles));
  EXPECT_THAT(picked, Contains("zz-license.txt"));
  EXPECT_THAT(picked, Contains("README.md"));
}

TEST(FilesTest, RefusesPathsThatLeadElsewhere) {
  for (const char* path : {"", "/LICENSE", "../LICENSE", "a/../LICENSE", "a//LICENSE",
                           "a/./LICENSE", "LICENSE/", "a\\LICENSE", "LICENSE\n", "LICENSE\xff"}) {
    EXPECT_FALSE(IsSafePath(path)) << path;
  }
  EXPECT_TRUE(IsSafePath("a/..b/LICENSE (final).txt"));
  EXPECT_FALSE(IsSafePath(std::string(513, 'a')));
}

TEST(FilesTest, ReadsTheHeaderOfTheWeightsThemselvesNearestToTheRoot) {
  EXPECT_TRUE(IsGguf("q4/model.gguf"));
  EXPECT_FALSE(IsGguf("model.gguf.txt"));
  EXPECT_FALSE(IsGguf("../model.gguf"));
  EXPECT_TRUE(IsBetterGguf("model.gguf", "a/model.gguf"));
  EXPECT_TRUE(IsBetterGguf("q4/model.gguf", "mmproj-model-f16.gguf"));
  EXPECT_TRUE(IsBetterGguf("m-00001-of-00002.gguf", "m-00002-of-00002.gguf"));
}

}  // namespace
}  // namespace modelwatch::crawler
