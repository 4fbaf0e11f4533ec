// SPDX-License-Identifier: Apache-2.0
// The small parsers that people and hubs reach with any text: times, names, hex, UTF-8 repair.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "common/clock.h"
#include "common/digest.h"
#include "common/log.h"
#include "proto/release_id.h"
#include "proto/validate.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  namespace common = modelwatch::common;
  namespace proto = modelwatch::proto;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);

  const std::string line = common::OneLine(text, 100);
  Require(line.size() <= 100 && line.find('\n') == std::string::npos);
  Require(common::OneLine(line, 100) == line);

  const std::string valid = proto::ToValidUtf8(text);
  Require(proto::ToValidUtf8(valid) == valid);

  if (const auto name = proto::ParseReleaseName(text); name.ok()) {
    Require(!name->name.empty() && name->name.size() <= text.size());
  }
  if (const auto raw = common::FromHex(text); raw.ok()) {
    Require(common::ToHex(*raw).size() == text.size());
  }
  if (const auto micros = common::ParseMicros(text); micros.ok() && *micros != 0) {
    Require(!common::FormatMicros(*micros).empty());
  }
  return 0;
}
