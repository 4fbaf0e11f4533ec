// SPDX-License-Identifier: Apache-2.0
// The words of docs/glossary.md for every enum that people and programs read.
#include "proto/json.h"

namespace modelwatch::proto {

std::string_view Word(v1::Direction direction) {
  switch (direction) {
    case v1::TIGHTER:
      return "tighter";
    case v1::LOOSER:
      return "looser";
    case v1::MIXED:
      return "mixed";
    case v1::SAME:
      return "same";
    case v1::UNCLEAR:
      return "unclear";
    default:
      return "";
  }
}

std::string_view Word(v1::ShiftKind kind) {
  switch (kind) {
    case v1::SWAP:
      return "swap";
    case v1::EDIT:
      return "edit";
    case v1::COSMETIC:
      return "cosmetic";
    case v1::ACCESS:
      return "access";
    default:
      return "";
  }
}

std::string_view Word(v1::Severity severity) {
  switch (severity) {
    case v1::INFO:
      return "info";
    case v1::NOTICE:
      return "notice";
    case v1::WARNING:
      return "warning";
    case v1::CRITICAL:
      return "critical";
    default:
      return "";
  }
}

std::string_view Word(v1::ChangeKind kind) {
  switch (kind) {
    case v1::FIRST_SEEN:
      return "first_seen";
    case v1::REVISION:
      return "revision";
    case v1::DECLARED_LICENCE:
      return "declared_licence";
    case v1::LICENCE_FILE:
      return "licence_file";
    case v1::CARD:
      return "card";
    case v1::GATE:
      return "gate";
    case v1::REMOVAL:
      return "removal";
    case v1::REAPPEARANCE:
      return "reappearance";
    case v1::RENAME:
      return "rename";
    case v1::BASE_MODEL:
      return "base_model";
    case v1::GATE_TERMS:
      return "gate_terms";
    case v1::VISIBILITY:
      return "visibility";
    default:
      return "";
  }
}

std::string_view Word(v1::PastState past) {
  switch (past) {
    case v1::PAST_WAITING:
      return "waiting";
    case v1::PAST_WHOLE:
      return "whole";
    case v1::PAST_CUT:
      return "cut";
    case v1::PAST_UNREADABLE:
      return "unreadable";
    default:
      return "";
  }
}

std::string_view Word(v1::Presence presence) {
  switch (presence) {
    case v1::PRESENT:
      return "present";
    case v1::REMOVED:
      return "removed";
    case v1::DISABLED:
      return "disabled";
    default:
      return "";
  }
}

std::string_view Word(v1::Gate gate) {
  switch (gate) {
    case v1::OPEN:
      return "open";
    case v1::AUTO:
      return "auto";
    case v1::MANUAL:
      return "manual";
    default:
      return "";
  }
}

std::string_view Word(v1::FindingStatus status) {
  switch (status) {
    case v1::EXACT:
      return "EXACT";
    case v1::MODIFIED:
      return "MODIFIED";
    case v1::FAMILY:
      return "FAMILY";
    case v1::MENTION:
      return "MENTION";
    case v1::UNKNOWN_LICENCE:
      return "UNKNOWN_LICENCE";
    case v1::NONE:
      return "NONE";
    default:
      return "";
  }
}

std::string_view Word(v1::LicenceRole role) {
  switch (role) {
    case v1::PRIMARY:
      return "primary";
    case v1::ALTERNATIVE:
      return "alternative";
    case v1::EXCEPTION:
      return "exception";
    case v1::MENTIONED:
      return "mentioned";
    case v1::CHANGE_LICENCE:
      return "change-licence";
    case v1::THIRD_PARTY_NOTICE:
      return "third-party notice";
    default:
      return "";
  }
}

std::string_view Word(v1::LicenceScope scope) {
  switch (scope) {
    case v1::CODE:
      return "code";
    case v1::WEIGHTS:
      return "weights";
    case v1::DATA:
      return "data";
    case v1::OUTPUTS:
      return "outputs";
    default:
      return "unknown";
  }
}

std::string_view Word(v1::FindingSource source) {
  switch (source) {
    case v1::HUB_TAG:
      return "hub_tag";
    case v1::CARD_FRONT_MATTER:
      return "card_front_matter";
    case v1::CARD_PROSE:
      return "card_prose";
    case v1::LICENCE_FILE_TEXT:
      return "licence_file";
    case v1::LINK_TARGET:
      return "link_target";
    case v1::GATE_PROMPT:
      return "gate_prompt";
    case v1::GGUF_HEADER:
      return "gguf_header";
    default:
      return "";
  }
}

std::string_view Word(v1::FileOutcome outcome) {
  switch (outcome) {
    case v1::FETCHED:
      return "fetched";
    case v1::REFUSED:
      return "refused";
    case v1::MISSING:
      return "missing";
    case v1::TOO_LARGE:
      return "too_large";
    case v1::EXTERNAL:
      return "external";
    case v1::FAILED:
      return "failed";
    default:
      return "";
  }
}

std::string_view Word(v1::Answer answer) {
  switch (answer) {
    case v1::YES:
      return "yes";
    case v1::NO:
      return "no";
    case v1::MAYBE:
      return "maybe";
    default:
      return "not_known";
  }
}

std::string_view OutcomeWord(uint32_t outcome) {
  switch (outcome) {
    case 0:
      return "free";
    case 1:
      return "duty";
    case 2:
      return "needs a licence";
    case 3:
      return "prohibited";
    default:
      return "";
  }
}

}  // namespace modelwatch::proto
