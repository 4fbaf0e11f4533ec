// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/telling_words.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "absl/strings/ascii.h"
#include "evaluator/license/word_set.h"

namespace modelwatch::evaluator {
namespace {

// Stems match at the start of a word, so that inflections and near relatives in other European
// languages are caught as well.
constexpr std::string_view kStems[] = {
    "academ accept acknowledg agree allow amend annual approv attribut autoris authoriz badge ban",
    "behalf benchmark brand cannot claus compet comply condit consent contract country credit "
    "deriv",
    "disallow disclos display distill distribut educat embargo employ enforce evaluat except exclu",
    "exempt fee forbid free govern grant harm host illegal improve indemn infring interdit "
    "jurisdic",
    "kommerz legal liab licens limit militar modif monetiz must negotia never nicht non obligat",
    "obtain only output owner paid patent pay permi person polic profit prohib proprietar produc",
    "provided purchas purpose recherch redistrib refus regist regul reproduc requir research "
    "reserv",
    "restrict resell revenue revo right royalt sanction sell shall sold solely subject sublicens",
    "subscri supersede suspend territor terminat train uniquement unlawful unless verbot vietat",
    "warrant weapon"};

constexpr std::string_view kWords[] = {
    "no not nor may use used uses user users using usage commercial commercially noncommercial",
    "business company companies enterprise customer customers service services saas api ai model",
    "models weights dataset data software terms agreement without prior written permission monthly",
    "active million billion $ % \xE2\x82\xAC eu european europe union wont dont should could can",
    "will cc nc nd"};

// Of a sentence alone: as names of projects and holders they are common.
constexpr std::string_view kProseStems[] = {
    "arbitra attest borrow charit citiz competitor confiden consult deploy donat earn ethic expir",
    "fine forfeit gratui hobby individ insur invoic lend maxim merchandis minim nation nonprofit",
    "notif obey oblig penal pric privat promis promot propriet religi rent resale resident resid",
    "respons scrap seat secre shareware sponsor student subsidiar surveil taxe teacher temporar",
    "trad transfer trial void volunt withdraw"};

constexpr std::string_view kProseWords[] = {
    "alone although army ask asked asking asks atheist barred billed bills bought bound buy buyer",
    "buyers buys cease ceases charge charged charges children cite cost costs court courts cloud",
    "clouds day days demand denied deny device devices dollar dollars don either employees "
    "end",
    "ends ended euro euros evil except expected external forever grace",
    "hour hours hours however if immoral income inside internal internally invalid keep",
    "kids law laws lawful leak lease least less loan logo machine machines mandatory",
    "mention mentions merely military minor minors money month months moral most "
    "must",
    "need needed needs neither nobody none nothing others otherwise ought",
    "outside over owe owed own people per pledge please police political preview public "
    "purely",
    "quota rely remove removed rival rivals sale sales school schools server servers share shared",
    "shares sharing should someone stop strictly sue tax tell them",
    "they tolerated too trademark unable under unpaid unpermitted until till unused upon usd valid",
    "vendor vendors waive wait war week weeks welcome when whenever where who whoever whom whose",
    "within would year years yearly you yours yourself"};

// "Only", "without", "not", "for", "private", "forbidden" and their like in languages written in
// Latin letters without accents: German, Dutch, Swedish, Danish; French, Spanish, Portuguese,
// Italian; Polish, Czech, Finnish, Turkish, Indonesian, Hungarian, Romanian.
constexpr std::string_view kForeignWords[] = {
    "nur kein keine keiner ohne fuer darf duerfen muessen privaten gebrauch nutzung zwecke alleen",
    "voor zonder geen niet gebruik uitsluitend endast utan inte ikke uden bruk brug",
    "sans pour seulement gratuit gratuite interdite usar prohibido fines lucro apenas somente sem",
    "proibido senza soltanto solamente scopo vietato divieto vendita",
    "tylko uzytku wylacznie pouze jen nesmi ainoastaan ilman omaan sadece degil yasak yasaktir "
    "izin",
    "kullanim hanya untuk tidak boleh tanpa dilarang csak nem tilos nincs doar numai pentru",
    "interzis untersagt verkauf verkaufen weitergabe firmen verkoop salg salu zakaz zakazan",
    "sprzedazy prodej venda vendita rivendita dijual satilamaz prohibida proibida vietata"};

// The same where names have them as well.
constexpr std::string_view kForeignProse[] = {
    "zum zur allein mag eigen bara ej kun eget pas vente revente solo sin para uso sino per bez "
    "nie",
    "pro vain ei fara muss"};

constexpr std::string_view kPlainWords[] = {
    "a about above accompanying adapted added address adds all along also an and any appendix",
    "archive archives are around article articles as at author authored authors available b based",
    "be been below beside between book books both branch bug bugs build built bundled but by c",
    "changelog changes chapter class classes code comments committers compatible compiled",
    "component components contact contents contribute contributed contributing contributor",
    "contributors copies copy copyright copyrighted core corporation created credits current d "
    "date",
    "dated department derived described description design designed details developed developer",
    "developers development different directory directories discussion document documentation",
    "documented documents e each email engine english example examples f faq file filename files",
    "first following font fonts for format formats found foundation framework from front full",
    "functions further general generated git github group header headers help here holder holders",
    "home homepage http i icon icons image images implementation implemented in inc index inspired",
    "institute interface international into is issue issues it items its kernel known language",
    "last latest lib libraries library like line lines link links linux list lists located",
    "mail mailing main maintained maintainer maintainers major makefile manual matrix md message",
    "minor mirror module modules more name named names new news note notes of official on one open",
    "or org organization original originally other others our package packages page pages paper "
    "part",
    "parts patch path please png plugin plugins portions post preamble project projects prototype",
    "provided published publisher python question questions r readme reference references related",
    "release released releases report repository rest reviewed revised revision root s same script",
    "scripts section see series set several sha some source sources src standard subject such "
    "suite",
    "summary support supported svg system t table taken team template test tests text texts thanks",
    "that the their theme there these this those time title to toolkit tool tools top topic",
    "translated translation translations tree two txt type under university unknown up update",
    "updated updates url utf utility v various version versions via was we web website were where",
    "which wiki with word words work write writing written www x year yyyy your option zip",
    "january february march april may june july august september october november december jan",
    "feb mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday",
    "saturday sunday utc gmt"};

constexpr size_t kLetters = 26;

// A number for two letters; kLetters^2 for all that are no letters of ASCII.
size_t BeginningOf(std::string_view word) {
  const auto first = static_cast<size_t>(word[0] - 'a');
  const auto second = word.size() < 2 ? kLetters : static_cast<size_t>(word[1] - 'a');
  return first < kLetters && second < kLetters ? first * kLetters + second : kLetters * kLetters;
}

std::vector<std::string_view> SplitAtBlanks(const std::vector<std::string_view>& lines) {
  std::vector<std::string_view> parts;
  for (std::string_view line : lines) {
    while (!line.empty()) {
      const size_t end = std::min(line.find(' '), line.size());
      parts.push_back(line.substr(0, end));
      line.remove_prefix(std::min(end + 1, line.size()));
    }
  }
  return parts;
}

class WordList {
 public:
  WordList(const std::vector<std::string_view>& stem_lines,
           const std::vector<std::string_view>& word_lines)
      : words_(SplitAtBlanks(word_lines)) {
    for (const std::string_view stem : SplitAtBlanks(stem_lines)) {
      stems_[BeginningOf(stem)].push_back(stem);
    }
  }

  [[nodiscard]] bool Has(std::string_view word) const {
    if (words_.contains(word)) return true;
    const auto& stems = stems_[BeginningOf(word)];
    return std::any_of(stems.begin(), stems.end(),
                       [&](std::string_view stem) { return word.substr(0, stem.size()) == stem; });
  }

 private:
  // By their first two letters: most words are passed over at once.
  std::array<std::vector<std::string_view>, kLetters * kLetters + 1> stems_;
  WordSet words_;
};

template <size_t n>
std::vector<std::string_view> All(const std::string_view (&lines)[n]) {
  return {std::begin(lines), std::end(lines)};
}

const WordList& Strong() {
  static const auto* list = [] {
    std::vector<std::string_view> words = All(kWords);
    for (const std::string_view line : kForeignWords) words.push_back(line);
    return new WordList(All(kStems), std::move(words));
  }();
  return *list;
}

bool IsLetter(char c) { return absl::ascii_isalpha(static_cast<unsigned char>(c)); }

bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }

// The word with digits between letters read as the letters they look like; empty when there are
// none.
std::string WithoutLookalikes(const std::string& word) {
  constexpr std::string_view kDigits = "01345", kLookalikes = "oieas";
  std::string plain;
  for (size_t i = 1; i + 1 < word.size(); ++i) {
    const size_t digit = kDigits.find(word[i]);
    if (digit == std::string_view::npos || !IsLetter(word[i - 1]) || !IsLetter(word[i + 1])) {
      continue;
    }
    if (plain.empty()) plain = word;
    plain[i] = kLookalikes[digit];
  }
  return plain;
}

}  // namespace

bool SpeaksOfTerms(const std::string& word) {
  const bool is_foreign = std::any_of(word.begin(), word.end(),
                                      [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  if (is_foreign || Strong().Has(word)) return true;
  if (word.size() > 5 && word.find("commer") != std::string::npos) return true;
  if (std::none_of(word.begin(), word.end(), IsDigit)) return false;
  const std::string plain = WithoutLookalikes(word);
  return !plain.empty() && (Strong().Has(plain) || plain.find("commer") != std::string::npos);
}

bool IsPlainWord(const std::string& word) {
  static const auto* list = new WordList({}, All(kPlainWords));
  return IsDigit(word[0]) || list->Has(word);
}

bool LimitsInProse(const std::string& word) {
  static const auto* list = [] {
    std::vector<std::string_view> words = All(kProseWords);
    for (const std::string_view line : kForeignProse) words.push_back(line);
    return new WordList(All(kProseStems), std::move(words));
  }();
  return list->Has(word);
}

}  // namespace modelwatch::evaluator
