// SPDX-License-Identifier: Apache-2.0
// The judging data of this room as text, made from the .textproto files at build time.
#pragma once

#include <google/protobuf/text_format.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace modelwatch::evaluator {

extern const char kTermsData[];
extern const char kScenariosData[];
extern const char kOutcomesData[];
extern const char kHubTagsData[];
extern const char kClausesData[];
extern const char kClauseNamesData[];

// Parses embedded data; an unknown field or a typing error aborts, for it is a bug of the build.
template <typename Message>
Message ParseEmbedded(const char* data) {
  Message message;
  if (!google::protobuf::TextFormat::ParseFromString(data, &message)) {
    std::fprintf(stderr, "modelwatch: embedded %s does not parse\n", message.GetTypeName().c_str());
    std::abort();
  }
  return message;
}

}  // namespace modelwatch::evaluator
