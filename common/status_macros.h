// SPDX-License-Identifier: Apache-2.0
// RETURN_IF_ERROR and ASSIGN_OR_RETURN: the only macros of our own outside tests.
//
//   RETURN_IF_ERROR(store.Put(batch));
//   ASSIGN_OR_RETURN(std::string body, fetcher.Get(url));
//
// Meaning of the codes everywhere in modelwatch:
//   INVALID_ARGUMENT   bad bytes from outside; never retried
//   NOT_FOUND          not there
//   PERMISSION_DENIED  gated, or 401/403
//   UNAVAILABLE, RESOURCE_EXHAUSTED, DEADLINE_EXCEEDED   retried with backoff and jitter
//   ABORTED            lost a lease or a race
//   DATA_LOSS          stored bytes do not parse
//   FAILED_PRECONDITION  the caller or the operator must change something first (newer schema,
//   lock) INTERNAL           a bug
#pragma once

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define MW_CONCAT_INNER_(a, b) a##b
#define MW_CONCAT_(a, b) MW_CONCAT_INNER_(a, b)

#define RETURN_IF_ERROR(expression)          \
  do {                                       \
    absl::Status mw_status_ = (expression);  \
    if (!mw_status_.ok()) return mw_status_; \
  } while (false)

#define ASSIGN_OR_RETURN(declaration, expression) \
  MW_ASSIGN_OR_RETURN_(MW_CONCAT_(mw_statusor_, __LINE__), declaration, expression)

#define MW_ASSIGN_OR_RETURN_(statusor, declaration, expression) \
  auto statusor = (expression);                                 \
  if (!statusor.ok()) return std::move(statusor).status();      \
  declaration = *std::move(statusor)
