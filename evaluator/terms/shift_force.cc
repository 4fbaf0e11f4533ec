// SPDX-License-Identifier: Apache-2.0
#include "evaluator/terms/shift_force.h"

#include <algorithm>
#include <string_view>

namespace modelwatch::evaluator {
namespace {

// Who a modal verb speaks of.
enum class Subject : uint8_t { kThing, kUser, kLicensor, kStanding, kRule };

// Words that a subject may stand before its verb.
constexpr size_t kSubjectReach = 14;

bool IsOneOf(std::string_view word, std::string_view list) {
  return list.find(std::string(" ") + std::string(word) + " ") != std::string_view::npos;
}

// What a licensor does to a licence, not a user.
bool IsPowerVerb(std::string_view word) {
  return IsOneOf(
      word,
      " terminate terminated revoke revoked suspend suspended withdraw withdrawn amend amended"
      " audit discontinue cancel canceled restrict revise revised ");
}

bool IsEndVerb(std::string_view word) {
  return IsOneOf(word, " terminated revoked suspended withdrawn canceled cancelled ");
}

// Verbs after "shall" by which a text speaks of itself.
bool IsSelfVerb(std::string_view word) {
  return IsOneOf(word,
                 " mean survive prevail govern governed construed deemed apply remain inure refer"
                 " constitute continue supersede benefit commence take become control ");
}

class ForceReader {
 public:
  ForceReader(std::span<const ShiftWord> words, Force lead) : words_(words), force_(lead) {
    forces_.resize(words.size());
  }

  std::vector<WordForce> Run() {
    for (size_t i = 0; i < words_.size(); ++i) {
      Read(i);
      forces_[i] = {force_, is_turned_, is_condition_, is_own_};
      NoteSubject(i);
    }
    if (is_negated_ && !is_own_) CloseNegation();
    return std::move(forces_);
  }

 private:
  std::string_view Word(size_t i) const {
    return i < words_.size() ? std::string_view(words_[i].word) : std::string_view();
  }

  void NoteSubject(size_t i) {
    Subject subject = Subject::kThing;
    switch (words_[i].role) {
      case WordRole::kUser:
        subject = Subject::kUser;
        break;
      case WordRole::kLicensor:
        subject = Subject::kLicensor;
        break;
      case WordRole::kStanding:
        subject = Subject::kStanding;
        break;
      case WordRole::kRule:
        subject = Subject::kRule;
        break;
      default:
        return;
    }
    // "the name of the author must be shown", "any use by you": no subject of what follows.
    const bool is_party = subject == Subject::kUser || subject == Subject::kLicensor;
    if (is_party && i > 0 && IsOneOf(Word(i - 1), " of by from to ")) return;
    // "your rights": the user only owns them.
    if (subject == Subject::kStanding && i > 0 && subject_ == Subject::kRule &&
        subject_at_ + 1 == i)
      return;
    subject_ = subject;
    subject_at_ = i;
  }

  Subject SubjectAt(size_t i) const {
    if (subject_at_ != SIZE_MAX && i - subject_at_ <= kSubjectReach) {
      // A name right before the verb: "Foo may".
      const bool is_near = subject_at_ + 1 == i;
      if (is_near || subject_ != Subject::kUser || !IsName(i)) return subject_;
    }
    return IsName(i) ? Subject::kLicensor : Subject::kThing;
  }
  // A capitalised word that is no other word, before position i.
  bool IsName(size_t i) const {
    return i > 0 && i <= 3 && words_[i - 1].is_capital && words_[i - 1].role == WordRole::kPlain &&
           (i + 1 >= words_.size() || !words_[i].is_capital) && Word(i + 1) != "be";
  }

  bool IsNear(size_t i, WordRole role, size_t reach) const {
    for (size_t back = 1; back <= reach && back <= i; ++back) {
      if (words_[i - back].role == role) return true;
    }
    return false;
  }
  bool IsNegatedAt(size_t i) const {
    return is_negated_ || IsNear(i, WordRole::kNot, 2) || IsNear(i, WordRole::kDoNot, 3);
  }

  void Set(size_t i, Force force) {
    if (!is_own_) Backfill(0, i, force);
    force_ = force;
    is_turned_ = is_condition_ = is_negated_ = false;
    is_own_ = true;
  }
  // Words before the first verb belong to it; what stands behind "except" stays turned.
  void Backfill(size_t begin, size_t end, Force force) {
    for (size_t i = begin; i < end; ++i) {
      forces_[i].force = force;
      forces_[i].is_own = true;
    }
  }
  // "..., commercial use is prohibited": the words since the last comma too.
  void SetPassive(size_t i, Force force) {
    const bool had_own = is_own_;
    Set(i, force);
    if (!had_own) return;
    size_t begin = i;
    while (begin > 0 && !words_[begin].after_comma && !IsForce(words_[begin - 1].role)) --begin;
    Backfill(begin, i, force);
  }

  void ReadMay(size_t i) {
    // "how they can obtain a copy": told in passing.
    if (i > 0 && is_own_ && IsOneOf(Word(i - 1), " they it which that who ")) return;
    const Subject subject = SubjectAt(i);
    const bool is_passive = Word(i + 1) == "be" || Word(i + 2) == "be";
    const bool ends = IsPowerVerb(Word(i + 1)) ||
                      (is_passive && (IsPowerVerb(Word(i + 2)) || IsPowerVerb(Word(i + 3))));
    // "No contributor can revoke this license."
    if (ends && subject != Subject::kUser)
      return Set(i, is_negated_ ? Force::kPromise : Force::kPower);
    // "techniques may become risky": what can happen, not what is permitted.
    if (subject == Subject::kThing && !is_passive && !is_negated_) return;
    if (is_negated_) return Set(i, Force::kBan);
    Set(i, subject == Subject::kLicensor ? Force::kPower : Force::kGrant);
  }
  void ReadMust(size_t i) {
    if (is_negated_) return Set(i, Force::kBan);
    const Subject subject = SubjectAt(i);
    if (EndsSoon(i)) return Set(i, subject == Subject::kUser ? Force::kObligation : Force::kPower);
    // "Your license shall be royalty-free": a grant in the words of a duty.
    const auto next = words_.subspan(i, std::min<size_t>(words_.size() - i, 5));
    const bool is_bonus = std::any_of(next.begin(), next.end(), [](const ShiftWord& word) {
      return word.role == WordRole::kBonus;
    });
    if (subject == Subject::kStanding && Word(i + 1) == "be" && is_bonus)
      return Set(i, Force::kGrant);
    if (subject != Subject::kUser && IsSelf(i)) return;
    Set(i, subject == Subject::kLicensor ? Force::kPromise : Force::kObligation);
  }
  bool IsSelf(size_t i) const {
    return IsSelfVerb(Word(i + 1)) || (Word(i + 1) == "be" && IsSelfVerb(Word(i + 2)));
  }
  bool EndsSoon(size_t i) const {
    for (size_t k = 1; k <= 4 && i + k < words_.size(); ++k) {
      if (words_[i + k].role == WordRole::kEnd) return true;
      if (IsForce(words_[i + k].role)) return false;
    }
    return false;
  }
  void ReadMayNot(size_t i) {
    const Subject subject = SubjectAt(i);
    if (Word(i) == "shouldnot") return Set(i, Force::kPlea);
    if (subject != Subject::kUser && IsSelf(i)) return;
    // "This license cannot be revoked."
    if (subject == Subject::kStanding && Word(i + 1) == "be" &&
        (IsEndVerb(Word(i + 2)) || IsEndVerb(Word(i + 3))))
      return Set(i, Force::kPromise);
    // "We may not end it" is a promise; "the name of the author may not be used" is none.
    const bool is_promise = subject == Subject::kLicensor && Word(i + 1) != "be";
    Set(i, is_promise ? Force::kPromise : Force::kBan);
  }
  void ReadDoNot(size_t i) {
    const std::string_view next = Word(i + 1);
    const Subject subject = SubjectAt(i);
    if (IsOneOf(next, " grant permit allow authorize confer ")) return Set(i, Force::kBan);
    if (IsOneOf(next, " prohibit forbid restrict limit prevent require oblige ban impose "))
      return Set(i, Force::kGrant);
    if (next == "apply" || next == "extend" || next == "cover") {
      if (subject == Subject::kRule) return Set(i, Force::kGrant);
      if (subject == Subject::kStanding) return Set(i, Force::kBan);
      return;
    }
    if (IsOneOf(next,
                " include constitute affect mean cause warrant guarantee represent accept assume "
                "claim have own agree "))
      return;
    // An order, or said of the user; "use does not come without risk" is neither.
    const bool is_order = i == 0 || words_[i].after_comma;
    if (subject == Subject::kUser || (is_order && subject == Subject::kThing)) Set(i, Force::kBan);
  }

  void Read(size_t i) {
    if (words_[i].after_bracket) is_turned_ = false;
    switch (words_[i].role) {
      case WordRole::kMay:
        return ReadMay(i);
      case WordRole::kMayNot:
        return ReadMayNot(i);
      case WordRole::kMust:
        return ReadMust(i);
      case WordRole::kWill:
        if (is_negated_) return Set(i, Force::kBan);
        if (EndsSoon(i)) return Set(i, Force::kPower);
        if (SubjectAt(i) == Subject::kUser) return Set(i, Force::kObligation);
        return;
      case WordRole::kShould:
        return Set(i, Force::kPlea);
      case WordRole::kDoNot:
        return ReadDoNot(i);
      case WordRole::kGrant:
        return ReadGrant(i);
      case WordRole::kPermit:
        if (IsAside(i)) return;
        // "will not use, or allow others to use": part of the ban.
        if (is_own_ && IsOneOf(Word(i), " permit allow ")) return;
        return SetPassive(i, IsNegatedAt(i) ? Force::kBan : Force::kGrant);
      case WordRole::kProhibit:
        if (IsAside(i)) return;
        return SetPassive(i, IsNegatedAt(i) ? Force::kGrant : Force::kBan);
      case WordRole::kRequire:
        // "consents required by law": an attribute.
        if (Word(i) == "required" && IsOneOf(Word(i + 1), " by under for in ") && i > 0 &&
            !IsOneOf(Word(i - 1), " is are be "))
          return;
        return SetPassive(i, IsNegatedAt(i) ? Force::kGrant : Force::kObligation);
      case WordRole::kReserve:
        return Set(i, Force::kPower);
      case WordRole::kEnd:
        return ReadEnd(i);
      default:
        // "Nothing in this section limits what you may do."
        if (is_negated_ && !is_own_ &&
            IsOneOf(Word(i), " limits limit restricts restrict prevents prevent affects "))
          return Set(i, Force::kGrant);
        if (IsOneOf(Word(i), " own owns retain retains claim claims claimno ")) return ReadOwn(i);
        return ReadTurn(i);
    }
  }

  // "except as expressly prohibited": refers to what is said elsewhere.
  bool IsAside(size_t i) const {
    return i > 0 && !IsOneOf(Word(i - 1), " is are be ") &&
           (Word(i - 1) == "as" || (i > 1 && Word(i - 2) == "as"));
  }

  // Whose the outputs and derivatives are.
  void ReadOwn(size_t i) {
    const auto what = words_.subspan(i);
    const bool is_users_work = std::any_of(what.begin(), what.end(), [](const ShiftWord& word) {
      return IsOneOf(word.word, " output outputs derivative derivatives feedback improvements ");
    });
    const Subject subject = SubjectAt(i);
    if (!is_users_work || is_own_ || (subject != Subject::kUser && subject != Subject::kLicensor)) {
      return;
    }
    const bool is_negated = IsNegatedAt(i) || Word(i) == "claimno" || Word(i + 1) == "no";
    const bool gives = (subject == Subject::kUser) != is_negated;
    Set(i, gives ? Force::kGrant : Force::kPower);
  }

  void ReadGrant(size_t i) {
    // "the rights granted under", "the grant of": names a grant, makes none.
    const bool is_verb =
        (Word(i) == "grants" &&
         (i == 0 ||
          !IsOneOf(Word(i - 1), " and or all any such rights other patent copyright "))) ||
        (i > 0 &&
         (IsOneOf(Word(i - 1), " is are you be licensor we ") ||
          words_[i - 1].role == WordRole::kNot || words_[i - 1].role == WordRole::kDoNot)) ||
        (Word(i) == "granted" && SubjectAt(i) == Subject::kUser && Word(i + 1) != "under") ||
        is_negated_;
    if (!is_verb) return;
    SetPassive(i, IsNegatedAt(i) ? Force::kBan : Force::kGrant);
  }
  void ReadEnd(size_t i) {
    if (force_ != Force::kNone && is_own_ && !is_condition_) return;
    const Subject subject = SubjectAt(i);
    if (subject == Subject::kUser || words_[i].word == "cease") return;
    if (subject == Subject::kStanding)
      SetPassive(i, IsNegatedAt(i) ? Force::kPromise : Force::kPower);
  }
  void ReadTurn(size_t i) {
    switch (words_[i].role) {
      case WordRole::kExcept:
        is_turned_ = !is_turned_;
        return;
      case WordRole::kIf:
        is_condition_ = true;
        return;
      case WordRole::kNo:
        if (Word(i) == "without") return;
        is_negated_ = true;
        if (Word(i) == "nothing" || Word(i) == "no") negated_at_ = i;
        return;
      case WordRole::kNot:
        if (IsOneOf(Word(i + 1),
                    " for to be in valid available applicable intended licensed open "))
          Set(i, Force::kBan);
        return;
      default:
        return;
    }
  }
  // "No commercial use.": nothing but the negation says it.
  void CloseNegation() {
    if (negated_at_ == SIZE_MAX) return;
    const auto rest = words_.subspan(negated_at_);
    const bool has_subject = std::any_of(rest.begin(), rest.end(), [](const ShiftWord& word) {
      return word.role == WordRole::kTopic || word.role == WordRole::kStanding;
    });
    if (!has_subject) return;
    for (size_t i = negated_at_; i < words_.size(); ++i)
      forces_[i] = {Force::kBan, false, false, true};
  }

  std::span<const ShiftWord> words_;
  std::vector<WordForce> forces_;
  Force force_;
  bool is_turned_ = false, is_condition_ = false, is_own_ = false, is_negated_ = false;
  Subject subject_ = Subject::kThing;
  size_t subject_at_ = SIZE_MAX;
  size_t negated_at_ = SIZE_MAX;
};

}  // namespace

int SignOf(Force force) {
  switch (force) {
    case Force::kGrant:
    case Force::kPromise:
      return 1;
    case Force::kNone:
      return 0;
    default:
      return -1;
  }
}

std::vector<WordForce> ForcesOf(std::span<const ShiftWord> words, Force lead) {
  return ForceReader(words, lead).Run();
}

}  // namespace modelwatch::evaluator
