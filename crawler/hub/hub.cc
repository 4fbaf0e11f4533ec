// SPDX-License-Identifier: Apache-2.0
#include "crawler/hub/hub.h"

namespace modelwatch::crawler {

std::string_view Word(QuotaClass quota) {
  switch (quota) {
    case QuotaClass::kApi:
      return "api";
    case QuotaClass::kResolvers:
      return "resolvers";
    case QuotaClass::kPages:
      return "pages";
  }
  return "unknown";
}

std::string_view Word(Outcome outcome) {
  switch (outcome) {
    case Outcome::kOk:
      return "ok";
    case Outcome::kNotModified:
      return "not_modified";
    case Outcome::kGated:
      return "gated";
    case Outcome::kMissingOrPrivate:
      return "missing_or_private";
    case Outcome::kEntryMissing:
      return "entry_missing";
    case Outcome::kRevisionMissing:
      return "revision_missing";
    case Outcome::kDisabled:
      return "disabled";
    case Outcome::kRenamed:
      return "renamed";
    case Outcome::kElsewhere:
      return "elsewhere";
    case Outcome::kBadCredential:
      return "bad_credential";
    case Outcome::kRateLimited:
      return "rate_limited";
    case Outcome::kRetryable:
      return "retryable";
    case Outcome::kRefused:
      return "refused";
  }
  return "unknown";
}

}  // namespace modelwatch::crawler
