// SPDX-License-Identifier: Apache-2.0
#include "evaluator/terms/amounts.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"

namespace modelwatch::evaluator {
namespace {

using Words = std::span<const std::string_view>;

bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }

// US dollars for one unit, rounded rates of 2024; thresholds lie far enough apart for that.
double RateOf(std::string_view word) {
  static const auto* rates = new absl::flat_hash_map<std::string_view, double>(
      {{"$", 1},           {"usd", 1},         {"dollar", 1},
       {"dollars", 1},     {"us$", 1},         {"\xE2\x82\xAC", 1.1},
       {"eur", 1.1},       {"euro", 1.1},      {"euros", 1.1},
       {"\xC2\xA3", 1.3},  {"gbp", 1.3},       {"pounds", 1.3},
       {"rmb", 0.14},      {"cny", 0.14},      {"yuan", 0.14},
       {"renminbi", 0.14}, {"\xC2\xA5", 0.14}, {"jpy", 0.007},
       {"yen", 0.007},     {"krw", 0.00075},   {"won", 0.00075},
       {"inr", 0.012},     {"rupees", 0.012}});
  const auto found = rates->find(word);
  return found == rates->end() ? 0 : found->second;
}

double MagnitudeOf(std::string_view word) {
  static const auto* magnitudes =
      new absl::flat_hash_map<std::string_view, double>({{"hundred", 1e2},
                                                         {"thousand", 1e3},
                                                         {"million", 1e6},
                                                         {"millions", 1e6},
                                                         {"mn", 1e6},
                                                         {"mio", 1e6},
                                                         {"m", 1e6},
                                                         {"mm", 1e6},
                                                         {"k", 1e3},
                                                         {"b", 1e9},
                                                         {"bn", 1e9},
                                                         {"billion", 1e9},
                                                         {"billions", 1e9},
                                                         {"trillion", 1e12},
                                                         {"crore", 1e7},
                                                         {"lakh", 1e5},
                                                         {"\xE7\x99\xBE", 1e2},
                                                         {"\xE5\x8D\x83", 1e3},
                                                         {"\xE4\xB8\x87", 1e4},
                                                         {"\xE4\xBA\xBF", 1e8}});
  const auto found = magnitudes->find(word);
  return found == magnitudes->end() ? 0 : found->second;
}

double NumeralOf(std::string_view word) {
  static const auto* numerals = new absl::flat_hash_map<std::string_view, double>(
      {{"one", 1},          {"two", 2},          {"three", 3},        {"four", 4},
       {"five", 5},         {"six", 6},          {"seven", 7},        {"eight", 8},
       {"nine", 9},         {"ten", 10},         {"eleven", 11},      {"twelve", 12},
       {"fifteen", 15},     {"twenty", 20},      {"thirty", 30},      {"forty", 40},
       {"fifty", 50},       {"sixty", 60},       {"seventy", 70},     {"eighty", 80},
       {"ninety", 90},      {"\xE4\xB8\x80", 1}, {"\xE4\xBA\x8C", 2}, {"\xE4\xB8\xA4", 2},
       {"\xE4\xB8\x89", 3}, {"\xE5\x9B\x9B", 4}, {"\xE4\xBA\x94", 5}, {"\xE5\x85\xAD", 6},
       {"\xE4\xB8\x83", 7}, {"\xE5\x85\xAB", 8}, {"\xE4\xB9\x9D", 9}, {"\xE5\x8D\x81", 10}});
  const auto found = numerals->find(word);
  return found == numerals->end() ? 0 : found->second;
}

// "700", "1.5", "10.000.000", "100m", "20mn"; nullopt for "3rd", "1.0.2a".
std::optional<double> DigitsOf(std::string_view word) {
  if (!IsDigit(word[0])) return std::nullopt;
  size_t end = 0;
  while (end < word.size() && (IsDigit(word[end]) || word[end] == '.')) ++end;
  std::string digits(word.substr(0, end));
  const auto dots = std::count(digits.begin(), digits.end(), '.');
  const size_t last = digits.rfind('.');
  // Dots between thousands, as in "10.000.000".
  if (dots > 1 || (dots == 1 && digits.size() - last == 4 && digits[0] != '0')) {
    digits.erase(std::remove(digits.begin(), digits.end(), '.'), digits.end());
  }
  double value = std::strtod(digits.c_str(), nullptr);
  std::string_view rest = word.substr(end);
  while (!rest.empty() && rest.back() == '+') rest.remove_suffix(1);
  if (rest.empty()) return value;
  const double magnitude = MagnitudeOf(rest);
  if (magnitude == 0) return std::nullopt;
  return value * magnitude;
}

struct Reader {
  Words words;
  size_t at = 0;

  // "000" of "1 000 000".
  [[nodiscard]] bool IsGroup(size_t i) const {
    return i < words.size() && words[i].size() == 3 &&
           std::all_of(words[i].begin(), words[i].end(), IsDigit);
  }

  // A number at `at`, moved behind it; nullopt, not moved, when none starts here.
  std::optional<double> Take() {
    double total = 0, part = 0;
    bool is_found = false;
    const size_t begin = at;
    for (; at < words.size(); ++at) {
      const std::string_view word = words[at];
      if (const auto digits = DigitsOf(word); digits.has_value() && !(is_found && part > 0)) {
        part = *digits;
        while (part < 1e9 && word.size() <= 3 && IsGroup(at + 1)) {
          part = part * 1000 + std::strtod(std::string(words[++at]).c_str(), nullptr);
        }
        is_found = true;
      } else if (const double numeral = NumeralOf(word); numeral > 0) {
        part += numeral;
        is_found = true;
      } else if (const double magnitude = MagnitudeOf(word); magnitude > 0 && is_found) {
        if (magnitude == 100) {
          part *= magnitude;
        } else {
          total = (total + part) * magnitude;
          part = 0;
        }
      } else if (!(word == "and" && is_found && at + 1 < words.size() &&
                   NumeralOf(words[at + 1]) > 0)) {
        break;
      }
    }
    if (!is_found) {
      at = begin;
      return std::nullopt;
    }
    return total + part;
  }
};

// The currency beside [begin, end): up to two words before, two behind ("US$", "1 M US dollars").
double RateBeside(Words words, size_t begin, size_t end) {
  for (size_t back = 1; back <= 2 && back <= begin; ++back) {
    if (const double rate = RateOf(words[begin - back]); rate > 0) return rate;
  }
  for (size_t ahead = 0; ahead < 2 && end + ahead < words.size(); ++ahead) {
    if (const double rate = RateOf(words[end + ahead]); rate > 0) return rate;
    const bool is_yuan = words[end + ahead] == "\xE5\x85\x83";
    const bool is_us = end + ahead > 0 && words[end + ahead - 1] == "\xE7\xBE\x8E";
    if (is_yuan) return is_us ? 1 : 0.14;
    if (words[end + ahead] == "\xE4\xBA\xBA" && end + ahead + 2 < words.size() &&
        words[end + ahead + 2] == "\xE5\xB8\x81") {
      return 0.14;
    }
  }
  return 0;
}

}  // namespace

std::vector<Amount> AmountsIn(Words words) {
  constexpr double kSlack = 1.3;
  std::vector<Amount> amounts;
  for (Reader reader{words}; reader.at < words.size();) {
    const size_t begin = reader.at;
    const std::optional<double> number = reader.Take();
    if (!number.has_value()) {
      ++reader.at;
      continue;
    }
    const double rate = RateBeside(words, begin, reader.at);
    const bool is_year = reader.at == begin + 1 && words[begin].size() == 4 && *number >= 1900 &&
                         *number < 2100 && rate == 0;
    if (is_year || (*number < 1000 && rate == 0) || *number < 1 || *number > 1e15) continue;
    Amount amount;
    amount.value = *number * (rate == 0 ? 1 : rate);
    const bool is_rough = rate != 0 && rate != 1;
    amount.at_least = is_rough ? amount.value / kSlack : amount.value;
    amount.at_most = is_rough ? amount.value * kSlack : amount.value;
    amount.currency = rate == 0 ? Currency::kNone : is_rough ? Currency::kOther : Currency::kUsd;
    amount.begin = begin;
    amount.end = reader.at;
    amounts.push_back(amount);
  }
  return amounts;
}

}  // namespace modelwatch::evaluator
