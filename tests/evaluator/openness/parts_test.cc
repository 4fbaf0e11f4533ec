// SPDX-License-Identifier: Apache-2.0
// What the names of files and the text of a card show.
#include <gtest/gtest.h>

#include "evaluator/openness/card_parts.h"
#include "evaluator/openness/file_parts.h"
#include "evaluator/openness/part_cues.h"

namespace modelwatch::evaluator {
namespace {

v1::Answer InFiles(std::vector<std::string> paths, v1::Part part) {
  Exhibit exhibit;
  ShowFiles(paths, exhibit);
  return exhibit.part(part).answer;
}

v1::Answer InCard(std::string_view card, v1::Part part, std::string_view name = "") {
  Exhibit exhibit;
  ShowCard(card, name, exhibit);
  return exhibit.part(part).answer;
}

TEST(FilePartsTest, KnowsWeightsByTheirNames) {
  EXPECT_EQ(InFiles({"model-00001-of-00003.safetensors"}, v1::FINAL_PARAMETERS), v1::YES);
  EXPECT_EQ(InFiles({"pytorch_model.bin"}, v1::FINAL_PARAMETERS), v1::YES);
  EXPECT_EQ(InFiles({"unet/diffusion_pytorch_model.bin"}, v1::FINAL_PARAMETERS), v1::YES);
  EXPECT_EQ(InFiles({"optimizer.pt", "tokenizer.json", "vocab.bin"}, v1::FINAL_PARAMETERS),
            v1::NOT_KNOWN);
}

TEST(FilePartsTest, KnowsCodeThatTheWeightsNeed) {
  EXPECT_EQ(InFiles({"modeling_acme.py"}, v1::CUSTOM_CODE), v1::YES);
  EXPECT_EQ(InFiles({"train.py"}, v1::TRAINING_CODE), v1::YES);
  EXPECT_EQ(InFiles({"train.py"}, v1::CUSTOM_CODE), v1::NOT_KNOWN);
}

TEST(CardPartsTest, CountsAHeadingOnlyWithTextBelow) {
  const std::string filled =
      "# Model\n## Limitations\nIt was trained on news and fails on poems and code.\n";
  EXPECT_EQ(InCard(filled, v1::CARD_LIMITS), v1::YES);
  EXPECT_EQ(InCard("# Model\n## Limitations\n\n## Uses\n", v1::CARD_LIMITS), v1::NOT_KNOWN);
  EXPECT_EQ(InCard("## Limitations\n[More Information Needed]\n", v1::CARD_LIMITS), v1::NOT_KNOWN);
}

TEST(CardPartsTest, CountsTheTextOfSubsections) {
  const std::string card =
      "## Evaluation\n### Metrics\nAccuracy on the held-out test set, averaged over five runs.\n## "
      "Next\n";
  EXPECT_EQ(InCard(card, v1::EVALUATION_RESULTS), v1::YES);
}

TEST(CardPartsTest, ReadsFrontMatterAndItsLines) {
  Exhibit exhibit;
  ShowCard(
      "---\nlicense: mit\nlibrary_name: transformers\ndatasets:\n- c4\n---\n# A\nHello there.\n",
      "", exhibit);
  EXPECT_EQ(exhibit.part(v1::OPEN_LIBRARY).answer, v1::YES);
  EXPECT_EQ(exhibit.part(v1::OPEN_LIBRARY).because[0].line(), 3u);
  EXPECT_EQ(exhibit.part(v1::DATASETS).answer, v1::MAYBE);
}

TEST(CardPartsTest, TakesACardThatLoadsItselfForWeights) {
  const std::string card = "```python\nm = AutoModel.from_pretrained(\"Acme/Model\")\n```\n";
  EXPECT_EQ(InCard(card, v1::FINAL_PARAMETERS, "acme/model"), v1::YES);
  EXPECT_EQ(InCard(card, v1::FINAL_PARAMETERS, "acme/other"), v1::NOT_KNOWN);
  EXPECT_EQ(InCard(card, v1::INFERENCE_CODE), v1::YES);
}

TEST(CardPartsTest, HearsThatDataIsKeptBack) {
  EXPECT_EQ(InCard("The training data is not publicly released.\n", v1::DATASETS), v1::NO);
}

TEST(CardPartsTest, HearsAClaimToBeOpenSource) {
  for (const char* claim :
       {"We are open-sourcing Acme-7B today.", "This is a fully open source model.",
        "Acme is an open-source large language model."}) {
    EXPECT_EQ(InCard(claim, v1::OPEN_SOURCE_CLAIM), v1::YES) << claim;
  }
}

TEST(CardPartsTest, HearsNoClaimInTalkOfOthers) {
  for (const char* other :
       {"It is better than other open-source models of its size.",
        "We outperform existing open source models.", "Trained with our open-source library.",
        "We use the open source dataset C4.", "This model is not open source.",
        "Thanks to the open source community."}) {
    EXPECT_EQ(InCard(other, v1::OPEN_SOURCE_CLAIM), v1::NOT_KNOWN) << other;
  }
}

TEST(CardPartsTest, StaysBoundedOnAnyBytes) {
  EXPECT_EQ(InCard("", v1::MODEL_CARD), v1::NOT_KNOWN);
  EXPECT_EQ(InCard(std::string("\0\xFF\xFE", 3), v1::CARD_USES), v1::NOT_KNOWN);
  std::string headings, line(size_t{1} << 20, 'a');
  for (int i = 0; i < 100000; ++i) headings += "###### a\n# b\n";
  EXPECT_EQ(InCard(headings, v1::CARD_USES), v1::NOT_KNOWN);
  EXPECT_EQ(InCard(line, v1::CARD_USES), v1::NOT_KNOWN);
}

}  // namespace
}  // namespace modelwatch::evaluator
