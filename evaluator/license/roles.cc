// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/roles.h"

#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "evaluator/license/cues.h"
#include "evaluator/license/expression.h"
#include "evaluator/license/parameters.h"
#include "evaluator/license/scope.h"

namespace modelwatch::evaluator {
namespace {

// A third-party cue speaks as a heading or as the sentence right above what it introduces.
constexpr size_t kMaxIntroWords = 120;
// More cues than this say no more; the work on hostile input stays bounded.
constexpr size_t kMaxCues = 4096;

struct Place {
  v1::LicenceMatch* match = nullptr;
  size_t begin = 0, end = 0;             // words of the text
  const Detection* detection = nullptr;  // null: a tag
  bool is_exception = false;
  bool is_text = false;
};

// Licences that turn into another one later, by the ids and keys of the ScanCode data.
bool HasFutureLicence(std::string_view licence) {
  for (const std::string_view prefix : {"BUSL-", "FSL-", "fsl-1", "fcl-1", "os4d-1"}) {
    if (licence.substr(0, prefix.size()) == prefix) return true;
  }
  return false;
}

bool EndsWith(std::string_view text, std::string_view ending) {
  return text.size() >= ending.size() && text.substr(text.size() - ending.size()) == ending;
}

class Roles {
 public:
  Roles(const Corpus& corpus, std::string_view text, const std::vector<Token>& tokens,
        const Found& found, v1::Finding& finding)
      : corpus_(corpus), text_(text), tokens_(tokens), found_(found), finding_(finding) {}

  void Run() {
    CollectPlaces();
    if (places_.empty()) return;
    FindCuesBetween();
    SetScopes();
    SetMentioned();
    SetChangeLicence();
    SetThirdParty();
    SetChoice();
    SetException();
  }

 private:
  void SetScopes() {
    for (const Place& place : places_) {
      const bool is_listed = !absl::StartsWith(place.match->spdx(), "LicenseRef-");
      place.match->set_scope(
          ScopeAround(text_, tokens_, cues_, {place.begin, place.end, place.is_text, !is_listed}));
    }
  }

  void CollectPlaces() {
    int next = 0;
    const auto add = [&](Place place) {
      if (next >= finding_.licences_size()) return;
      place.match = finding_.mutable_licences(next++);
      if (const auto licence = corpus_.Find(place.match->licence())) {
        place.is_exception = licence->is_exception;
      }
      places_.push_back(place);
    };
    for (const SpdxTag& tag : found_.tags) {
      for (size_t n = LicencesIn(tag.expression).size(); n > 0; --n)
        add({nullptr, tag.begin, tag.end});
    }
    for (size_t i = 0; i < found_.all.size() && next < finding_.licences_size(); ++i) {
      const Detection& detection = found_.all[i];
      const uint32_t expression = corpus_.pattern(detection.pattern).expression;
      if (expression == kNone) continue;
      const bool is_text =
          std::find(found_.texts.begin(), found_.texts.end(), i) != found_.texts.end();
      for (size_t n = ExpressionOf(corpus_, detection).terms.size(); n > 0; --n) {
        add({nullptr, detection.begin, detection.end, &detection, false, is_text});
      }
    }
  }

  // What stands inside a licence's text is that licence's own.
  void FindCuesBetween() {
    size_t at = 0;
    for (const Place& place : places_) {
      if (place.is_text) {
        Append(at, place.begin);
        at = std::max(at, place.end);
      }
    }
    Append(at, tokens_.size());
  }

  void Append(size_t begin, size_t end) {
    if (begin >= end || cues_.size() >= kMaxCues) return;
    const std::vector<Cue> more = FindCues(tokens_, begin, end);
    const size_t room = std::min(more.size(), kMaxCues - cues_.size());
    cues_.insert(cues_.end(), more.begin(), more.begin() + static_cast<ptrdiff_t>(room));
  }

  [[nodiscard]] bool IsOfText(const v1::LicenceMatch& match) const {
    return std::any_of(places_.begin(), places_.end(), [&](const Place& place) {
      return place.is_text && place.match->licence() == match.licence();
    });
  }

  // Beside a text, a licence that is only named is not what the text grants.
  void SetMentioned() {
    if (found_.texts.empty()) return;
    for (const Place& place : places_) {
      if (place.is_text || place.match->status() != v1::MENTION) continue;
      if (place.match->role() != v1::PRIMARY || IsOfText(*place.match)) continue;
      place.match->set_role(v1::MENTIONED);
    }
  }

  void SetChangeLicence() {
    const auto changes = FindParameters(text_, tokens_);
    for (const Parameter& parameter : changes) {
      if (parameter.name != "change-licence") continue;
      for (const Place& place : places_) {
        const bool is_inside = parameter.begin <= place.begin && place.end <= parameter.end;
        if (is_inside && !place.is_text) place.match->set_role(v1::CHANGE_LICENCE);
      }
    }
    const bool has_future = std::any_of(places_.begin(), places_.end(), [](const Place& place) {
      return HasFutureLicence(place.match->licence());
    });
    if (!has_future) return;
    for (const Cue& cue : cues_) {
      if (cue.kind != CueKind::kFutureLicence) continue;
      for (const Place& place : places_) {
        if (place.begin < cue.end || HasFutureLicence(place.match->licence())) continue;
        if (place.begin < cue.end + kMaxIntroWords) place.match->set_role(v1::CHANGE_LICENCE);
      }
    }
  }

  void SetThirdParty() {
    const Place* own = nullptr;
    for (const Place& place : places_) {
      if (place.is_text && own == nullptr) own = &place;
    }
    const size_t first_text_end = own == nullptr ? 0 : own->end;
    for (const Cue& cue : cues_) {
      if (cue.kind != CueKind::kThirdParty) continue;
      const bool is_heading = IsHeading(cue);
      for (const Place& place : places_) {
        const bool follows =
            place.begin >= cue.end && (is_heading || place.begin < cue.end + kMaxIntroWords);
        if (!follows || place.begin < first_text_end) continue;
        if (own != nullptr && place.match->licence() == own->match->licence()) continue;
        const v1::LicenceRole role = place.match->role();
        if (role == v1::PRIMARY || role == v1::MENTIONED) {
          place.match->set_role(v1::THIRD_PARTY_NOTICE);
        }
      }
    }
  }

  // A line of few words.
  [[nodiscard]] bool IsHeading(const Cue& cue) const {
    constexpr size_t kMaxHeadingWords = 9;
    size_t begin = cue.begin, end = cue.end;
    const uint32_t line = tokens_[cue.begin].line;
    while (begin > 0 && tokens_[begin - 1].line == line && cue.begin - begin <= kMaxHeadingWords) {
      --begin;
    }
    while (end < tokens_.size() && tokens_[end].line == line && end - begin <= kMaxHeadingWords) {
      ++end;
    }
    return end - begin <= kMaxHeadingWords;
  }

  // What makes the expression: texts if there are any, else mentions.
  [[nodiscard]] std::vector<const Place*> Terms() const {
    std::vector<const Place*> terms;
    for (const Place& place : places_) {
      const v1::LicenceRole role = place.match->role();
      if (place.is_text == found_.texts.empty()) continue;
      if (role == v1::PRIMARY || role == v1::ALTERNATIVE || role == v1::EXCEPTION ||
          role == v1::THIRD_PARTY_NOTICE) {
        terms.push_back(&place);
      }
    }
    return terms;
  }

  // Two texts, or two mentions, that the file offers to choose from.
  void SetChoice() {
    // What the rest of the file says may take the choice back.
    if (finding_.status() != v1::EXACT && finding_.status() != v1::MENTION) return;
    std::vector<const Place*> all = Terms();
    std::set<std::string> licences;
    std::set<int> scopes;
    for (const Place* place : all) {
      if (place->is_exception || place->match->role() == v1::THIRD_PARTY_NOTICE) return;
      if (place->match->role() == v1::ALTERNATIVE) return;
      licences.insert(place->match->licence());
      if (place->match->scope() != v1::LICENCE_SCOPE_UNSPECIFIED) {
        scopes.insert(place->match->scope());
      }
    }
    // What covers different things is no choice.
    if (licences.size() != 2 || scopes.size() > 1) return;
    if (!IsOffered(licences) && !HasChoiceCue(all)) return;
    for (Place& place : places_) {
      if (licences.count(place.match->licence()) > 0) place.match->set_role(v1::ALTERNATIVE);
    }
    ReplaceJoin(" OR ");
  }

  // A mention in the same file says "A or B" of the same two.
  [[nodiscard]] bool IsOffered(const std::set<std::string>& licences) const {
    std::set<std::string> offered;
    for (const Place& place : places_) {
      if (place.match->role() == v1::ALTERNATIVE) offered.insert(place.match->licence());
    }
    return offered == licences;
  }

  // Above the first or between the two; where mentions are all there is, in the same paragraph or
  // so, also right after.
  [[nodiscard]] bool HasChoiceCue(const std::vector<const Place*>& all) const {
    constexpr size_t kNear = 12, kLead = 30, kMaxApart = 60;
    const size_t first = all.front()->begin;
    const bool are_texts = all.front()->is_text;
    const size_t lead = are_texts ? kMaxIntroWords : kLead;
    const size_t before = first - std::min(first, lead);
    const size_t after = are_texts ? all.back()->begin : all.back()->end + kNear;
    if (!are_texts && all.back()->begin > all.front()->end + kMaxApart) return false;
    return std::any_of(cues_.begin(), cues_.end(), [&](const Cue& cue) {
      return cue.kind == CueKind::kChoice && !cue.is_void && cue.begin >= before &&
             cue.begin < after;
    });
  }

  // The expression is "A AND B" as it stands: anything else is left alone.
  void ReplaceJoin(std::string_view with) {
    const std::string joined = finding_.expression();
    const size_t at = joined.find(" AND ");
    if (at == std::string::npos || joined.find(" AND ", at + 5) != std::string::npos ||
        joined.find('(') != std::string::npos) {
      return;
    }
    finding_.set_expression(joined.substr(0, at) + std::string(with) + joined.substr(at + 5));
  }

  // Exceptions are to the GNU licences, but for LLVM's. A clause that takes away ("commons clause")
  // is filed as one, too, and stays a term of its own.
  static bool CanJoin(std::string_view base, std::string_view exception) {
    if (base.find("GPL-") != std::string_view::npos) {
      return exception.substr(0, 11) != "LicenseRef-";
    }
    return base == "Apache-2.0" && exception == "LLVM-exception";
  }

  // An exception joins the one licence it stands beside.
  void SetException() {
    std::set<std::string> bases, exceptions;
    for (const Place* place : Terms()) {
      (place->is_exception ? exceptions : bases).insert(place->match->spdx());
    }
    for (Place& place : places_) {
      if (place.is_exception && place.match->role() == v1::PRIMARY) {
        place.match->set_role(v1::EXCEPTION);
      }
    }
    if (bases.size() != 1 || exceptions.size() != 1) return;
    if (!CanJoin(*bases.begin(), *exceptions.begin())) return;
    const size_t at = finding_.expression().find(" AND ");
    if (at == std::string::npos) return;
    // The exception may stand first.
    const std::string& exception = *exceptions.begin();
    const std::string left = finding_.expression().substr(0, at);
    const std::string right = finding_.expression().substr(at + 5);
    if (left == exception) {
      finding_.set_expression(right + " WITH " + left);
    } else {
      ReplaceJoin(" WITH ");
    }
  }

  const Corpus& corpus_;
  std::string_view text_;
  const std::vector<Token>& tokens_;
  const Found& found_;
  v1::Finding& finding_;
  std::vector<Place> places_;
  std::vector<Cue> cues_;
};

// Licences whose own text grants another one later, by the end of their keys in the ScanCode data
// (2026-02).
struct FutureRow {
  std::string_view ending, licence;
};
constexpr FutureRow kFutures[] = {{"-apache-2.0", "Apache-2.0"}, {"-mit", "MIT"}};

}  // namespace

void AddFutureLicences(const Corpus& corpus, const std::vector<Token>& tokens, const Found& found,
                       v1::Finding& finding) {
  for (const size_t i : found.texts) {
    const Detection& text = found.all[i];
    const std::string_view key = LicenceOf(corpus, text.pattern).key;
    if (!HasFutureLicence(key)) continue;
    const std::vector<Cue> cues = FindCues(tokens, text.begin, text.end);
    const auto grant = std::find_if(cues.begin(), cues.end(), [](const Cue& cue) {
      return cue.kind == CueKind::kFutureLicence;
    });
    for (const FutureRow& row : kFutures) {
      const auto licence = corpus.Find(row.licence);
      if (grant == cues.end() || !licence || !EndsWith(key, row.ending)) continue;
      v1::LicenceMatch& match = *finding.add_licences();
      match.set_licence(std::string(licence->spdx));
      match.set_spdx(std::string(licence->spdx));
      match.set_status(v1::MENTION);
      match.set_role(v1::CHANGE_LICENCE);
      match.set_score(1);
      match.set_start_line(tokens[grant->begin].line);
      match.set_end_line(tokens[text.end - 1].line);
    }
  }
}

void AssignRoles(const Corpus& corpus, std::string_view text, const std::vector<Token>& tokens,
                 const Found& found, v1::Finding& finding) {
  Roles(corpus, text, tokens, found, finding).Run();
}

}  // namespace modelwatch::evaluator
