// SPDX-License-Identifier: Apache-2.0
// What the replay hub reads of recorded data: the front matter of any card, and tables.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "replay_hub/csv_table.h"
#include "replay_hub/front_matter.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  namespace replay_hub = modelwatch::replay_hub;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const replay_hub::FrontMatter front = replay_hub::ReadFrontMatter(text);
  const bool is_read = front.state == replay_hub::FrontMatterState::kRead;
  if (is_read == front.card_data.empty()) std::abort();
  if (const auto table = replay_hub::CsvTable::Parse(text); table.ok() && table->rows() > 0) {
    if (table->at(0, "no such column") != "") std::abort();
  }
  return 0;
}
