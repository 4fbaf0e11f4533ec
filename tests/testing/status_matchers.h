// SPDX-License-Identifier: Apache-2.0
// ASSERT_OK, EXPECT_OK, StatusIs: Debian's absl has no status_matchers.h.
#pragma once

#include <gmock/gmock.h>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace modelwatch::testing {

inline const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& value) {
  return value.status();
}

// The status of `arg` (a Status or a StatusOr) has this code.
MATCHER_P(StatusIs, code, "has status code " + absl::StatusCodeToString(code)) {
  *result_listener << "whose status is " << StatusOf(arg).ToString();
  return StatusOf(arg).code() == code;
}
// ... and its message contains these words.
MATCHER_P2(StatusIs, code, words,
           "has status code " + absl::StatusCodeToString(code) + " and words") {
  *result_listener << "whose status is " << StatusOf(arg).ToString();
  return StatusOf(arg).code() == code &&
         StatusOf(arg).message().find(words) != absl::string_view::npos;
}

}  // namespace modelwatch::testing

#define MW_TEST_CONCAT_INNER_(a, b) a##b
#define MW_TEST_CONCAT_(a, b) MW_TEST_CONCAT_INNER_(a, b)

#define EXPECT_OK(expression) \
  EXPECT_THAT(expression, ::modelwatch::testing::StatusIs(::absl::StatusCode::kOk))
#define ASSERT_OK(expression) \
  ASSERT_THAT(expression, ::modelwatch::testing::StatusIs(::absl::StatusCode::kOk))
#define ASSERT_OK_AND_ASSIGN(declaration, expression) \
  MW_ASSERT_OK_AND_ASSIGN_(MW_TEST_CONCAT_(mw_test_, __LINE__), declaration, expression)
#define MW_ASSERT_OK_AND_ASSIGN_(statusor, declaration, expression) \
  auto statusor = (expression);                                     \
  ASSERT_OK(statusor);                                              \
  declaration = *std::move(statusor)
