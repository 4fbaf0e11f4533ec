// SPDX-License-Identifier: Apache-2.0
// Riders and parts of real cards: all that were recorded in 2020 and 2022.
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "evaluator/assess/card_riders.h"
#include "evaluator/openness/card_parts.h"
#include "replay_hub/zstd_lines.h"
#include "testing/shared_data.h"
#include "testing/status_matchers.h"

namespace modelwatch::evaluator {
namespace {

struct Tally {
  int cards = 0, with_rider = 0;
  std::set<std::string> wordings;
  std::map<int, int> shown;  // v1::Part -> cards
};

void Count(const char* name, const char* field, Tally& tally) {
  const absl::Status read =
      replay_hub::ForEachLine(testing::SharedData(name), [&](std::string_view line) {
        const auto row = nlohmann::json::parse(line, nullptr, false);
        if (!row.is_object() || !row.contains(field) || !row[field].is_string()) {
          return absl::OkStatus();
        }
        const auto& card = row[field].get_ref<const std::string&>();
        if (card.empty()) return absl::OkStatus();
        ++tally.cards;
        const CardRiders read_riders = ReadRiders(card);
        if (!read_riders.riders.empty()) ++tally.with_rider;
        for (const Rider& rider : read_riders.riders) {
          tally.wordings.insert(rider.clause + ": " + rider.text);
        }
        Exhibit exhibit;
        ShowCard(card, "", exhibit);
        for (int part = 1; part < v1::Part_ARRAYSIZE; ++part) {
          if (exhibit.part(static_cast<v1::Part>(part)).answer == v1::YES) ++tally.shown[part];
        }
        return absl::OkStatus();
      });
  ASSERT_OK(read);
}

TEST(CardRidersRealdataTest, FindsFewRidersAndNoneThatIsNotOne) {
  SKIP_WITHOUT_SHARED_DATA();
  Tally tally;
  Count("hf-2022/models.jsonl.zst", "readme", tally);
  Count("cards-2020/history.jsonl.zst", "text", tally);
  for (const std::string& wording : tally.wordings) std::printf("%s\n", wording.c_str());
  for (const auto& [part, cards] : tally.shown) {
    std::printf("%s: %d\n", v1::Part_Name(static_cast<v1::Part>(part)).c_str(), cards);
  }
  EXPECT_EQ(tally.cards, 30726);
  // Each was read by eye: all are terms of the release (docs/terms.md).
  EXPECT_EQ(tally.with_rider, 25);
  EXPECT_EQ(tally.wordings.size(), 3u);
}

}  // namespace
}  // namespace modelwatch::evaluator
