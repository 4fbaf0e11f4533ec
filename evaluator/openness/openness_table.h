// SPDX-License-Identifier: Apache-2.0
// What the frameworks rest on: the rows of openness.textproto, embedded into the program at build
// time.
#pragma once

#include "modelwatch/v1/openness.pb.h"

namespace modelwatch::evaluator {

// Immutable, any number of threads. Aborts when the data does not parse: that is a bug of the
// build.
[[nodiscard]] const v1::OpennessTable& BuiltinOpenness();

// Digest of that data, 16 hex digits: judgements made with other data may differ.
[[nodiscard]] std::string OpennessDataDigest();

}  // namespace modelwatch::evaluator
