// SPDX-License-Identifier: Apache-2.0
#include "evaluator/assess/family.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "evaluator/terms/lattice.h"
#include "proto/release_id.h"

namespace modelwatch::evaluator {
namespace {

constexpr double kComparableSize = 2.5;
constexpr std::string_view kStanding = "standing";  // group of scenarios.textproto

// Copies of the same weights: formats, quantisations, and their parameters.
constexpr std::array<std::string_view, 38> kFormats = {
    "gguf",     "ggml",    "awq",    "gptq",      "exl2",        "exl3",  "mlx",   "onnx",
    "openvino", "fp16",    "bf16",   "fp8",       "fp4",         "nvfp4", "mxfp4", "int8",
    "int4",     "4bit",    "8bit",   "6bit",      "3bit",        "bnb",   "nf4",   "w4a16",
    "w8a8",     "w8a16",   "marlin", "quantized", "quant",       "hf",    "imat",  "gs",
    "128g",     "pytorch", "tflite", "coreml",    "safetensors", "qat"};
// Words for one thing.
constexpr std::array<std::array<std::string_view, 2>, 3> kAliases = {
    {{"chat", "instruct"}, {"it", "instruct"}, {"inst", "instruct"}}};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return c >= 'a' && c <= 'z'; }

// Words and numbers with a fraction ("2.5"), in lower case, of the part after the slash.
std::vector<std::string> PartsOf(std::string_view name) {
  std::vector<std::string> parts;
  std::string part;
  const auto end = [&] {
    if (!part.empty()) parts.push_back(part);
    part.clear();
  };
  for (size_t i = 0; i < name.size(); ++i) {
    const char c = absl::ascii_tolower(static_cast<unsigned char>(name[i]));
    const bool is_point = c == '.' && !part.empty() && IsDigit(part.back()) &&
                          i + 1 < name.size() && IsDigit(name[i + 1]);
    if (IsDigit(c) || IsLetter(c) || is_point) {
      part.push_back(c);
    } else {
      end();
    }
  }
  end();
  return parts;
}

// The number that starts at `begin`, fraction included.
std::string_view NumberAt(std::string_view part, size_t begin) {
  size_t end = begin;
  while (end < part.size() && (IsDigit(part[end]) || part[end] == '.')) ++end;
  return part.substr(begin, end - begin);
}

// "72b" 72, "2.4t" 2400, "350m" 0.35, "8x7b" 56; nothing when the part is no size.
std::optional<double> SizeOf(std::string_view part) {
  double factor = 1;
  std::string_view number = NumberAt(part, 0);
  if (number.empty()) return std::nullopt;
  const std::string_view rest = part.substr(number.size());
  if (rest.size() > 1 && rest[0] == 'x' && IsDigit(rest[1])) {
    if (!absl::SimpleAtod(std::string(number), &factor)) return std::nullopt;
    part.remove_prefix(number.size() + 1);
    number = NumberAt(part, 0);
  }
  double value = 0;
  if (!absl::SimpleAtod(std::string(number), &value)) return std::nullopt;
  const std::string_view unit = part.substr(number.size());
  if (unit == "b") return value * factor;
  if (unit == "t") return value * factor * 1000;
  if (unit == "m") return value * factor / 1000;
  return std::nullopt;
}

// "a95b", the active parameters of a mixture: known by the size before it.
bool IsActiveSize(std::string_view part) {
  return part.size() > 2 && (part[0] == 'a' || part[0] == 'e') &&
         SizeOf(part.substr(1)).has_value();
}

// "2407" (yymm), "0414" (mmdd), "250414" and "20250414"; 0 when the digits are none of these.
uint32_t DateOf(std::string_view digits) {
  uint32_t number = 0;
  if (!std::all_of(digits.begin(), digits.end(), IsDigit) || digits.size() < 4 ||
      digits.size() > 8 || !absl::SimpleAtoi(std::string(digits), &number)) {
    return 0;
  }
  const auto is_month = [](uint32_t value) { return value >= 1 && value <= 12; };
  const auto is_year = [](uint32_t value) { return value >= 19 && value <= 35; };
  const auto is_day = [](uint32_t value) { return value >= 1 && value <= 31; };
  const uint32_t high = number / 100, low = number % 100;
  if (digits.size() == 4 && is_year(high) && is_month(low))
    return (2000 + high) * 10000 + low * 100;
  if (digits.size() == 4 && is_month(high) && is_day(low)) return number;
  const uint32_t year = number / 10000 % 100, month = number / 100 % 100;
  if (digits.size() == 6 && is_year(year) && is_month(month) && is_day(low))
    return 20000000 + number;
  if (digits.size() == 8 && number / 1000000 == 20 && is_month(month) && is_day(low)) return number;
  return 0;
}

std::vector<uint32_t> VersionOf(std::string_view number) {
  std::vector<uint32_t> version;
  uint32_t value = 0;
  for (const char c : number) {
    if (c == '.') {
      version.push_back(value);
      value = 0;
    } else if (value < 100'000'000) {
      value = value * 10 + static_cast<uint32_t>(c - '0');
    }
  }
  version.push_back(value);
  return version;
}

bool IsFormat(std::string_view part) {
  if (std::find(kFormats.begin(), kFormats.end(), part) != kFormats.end()) return true;
  // "q4", "iq3"; what follows ("K", "M", "0") are parts of their own.
  const size_t q = part[0] == 'i' ? 1 : 0;
  return part.size() > q + 1 && part[q] == 'q' &&
         std::all_of(part.begin() + static_cast<std::ptrdiff_t>(q) + 1, part.end(), IsDigit);
}

std::string Alias(const std::string& word) {
  for (const auto& [from, to] : kAliases) {
    if (word == from) return std::string(to);
  }
  return word;
}

// Reads the parts of one name in their order.
class NameReader {
 public:
  explicit NameReader(FamilyName& name) : name_(name) {}

  void Read(const std::string& part) {
    if (IsFormat(part)) {
      name_.is_other_format = name_.is_other_format || part != "hf";
      return;
    }
    // What follows a format is its parameters ("Q4", "K", "M").
    if (name_.is_other_format && part.size() == 1) return;
    if (IsActiveSize(part)) return;
    if (const std::optional<double> size = SizeOf(part); size.has_value()) {
      if (name_.size_b == 0) name_.size_b = *size;
      is_series_over_ = true;
      return;
    }
    ReadWord(part);
  }

  void End() {
    std::sort(name_.variant.begin(), name_.variant.end());
    name_.variant.erase(std::unique(name_.variant.begin(), name_.variant.end()),
                        name_.variant.end());
  }

 private:
  void ReadWord(const std::string& part) {
    const size_t digit = std::min(part.find_first_of("0123456789"), part.size());
    const std::string letters = part.substr(0, digit);
    const std::string_view number = NumberAt(part, digit);
    const std::string rest = part.substr(digit + number.size());
    if (number.empty()) return AddWord(letters);
    if (letters.empty() && rest.empty()) {
      if (const uint32_t date = DateOf(part); date != 0 && (is_series_over_ || part[0] != '0')) {
        name_.date = date;
        return;
      }
    }
    const bool is_version = name_.version.empty() && (!is_series_over_ || letters == "v");
    if (!is_version) return AddWord(part);
    if (!letters.empty() && letters != "v") AddWord(letters);
    name_.version = VersionOf(number);
    is_series_over_ = true;
    if (!rest.empty()) AddWord(rest);
  }

  void AddWord(const std::string& given) {
    const std::string word = Alias(given);
    // Said before the version or after it, these tell no line apart: "Mistral-Large-Instruct-2407".
    const bool is_variant = word == "instruct" || word == "base";
    if (is_series_over_ || (is_variant && !name_.series.empty())) {
      name_.variant.push_back(word);
    } else {
      name_.series += (name_.series.empty() ? "" : " ") + word;
    }
  }

  FamilyName& name_;
  bool is_series_over_ = false;
};

std::vector<uint32_t> VersionOrFirst(const FamilyName& name) {
  std::vector<uint32_t> version = name.version.empty() ? std::vector<uint32_t>{1} : name.version;
  while (version.size() > 1 && version.back() == 0) version.pop_back();
  return version;
}

bool IsSameLine(const FamilyName& left, const FamilyName& right) {
  return !left.series.empty() && left.publisher == right.publisher && left.series == right.series &&
         left.variant == right.variant && !left.is_other_format && !right.is_other_format;
}

double Ratio(double left, double right) {
  if (left == 0 || right == 0) return left == right ? 1 : 0;
  return std::max(left, right) / std::min(left, right);
}

const v1::Terms& LicenceTermsOf(const v1::Assessment& assessment) {
  return assessment.has_licence_terms() ? assessment.licence_terms() : assessment.terms();
}

std::string LicenceOf(const v1::Assessment& assessment) {
  if (!assessment.licence().empty()) return assessment.licence();
  return assessment.expression().empty() ? "terms of its own" : assessment.expression();
}

}  // namespace

FamilyName ParseFamilyName(std::string_view release_name) {
  FamilyName name;
  name.publisher = absl::AsciiStrToLower(std::string(proto::Owner(release_name)));
  const size_t slash = release_name.find('/');
  std::vector<std::string> parts =
      PartsOf(slash == std::string_view::npos ? release_name : release_name.substr(slash + 1));
  // A publisher's name before a further word is no part of the line: "meta-llama/Meta-Llama-3".
  const std::vector<std::string> owner = PartsOf(name.publisher);
  while (parts.size() > 1 && std::all_of(parts[1].begin(), parts[1].begin() + 1, IsLetter) &&
         !SizeOf(parts[1]).has_value() && parts[1][0] != 'v' &&
         std::find(owner.begin(), owner.end(), parts[0]) != owner.end() &&
         std::find(owner.begin(), owner.end(), parts[1]) != owner.end()) {
    parts.erase(parts.begin());
  }
  NameReader reader(name);
  for (const std::string& part : parts) reader.Read(part);
  reader.End();
  return name;
}

int CompareAge(const FamilyName& left, const FamilyName& right) {
  const std::vector<uint32_t> older = VersionOrFirst(left), newer = VersionOrFirst(right);
  if (older != newer) return older < newer ? -1 : 1;
  if (left.date == 0 || right.date == 0 || left.date == right.date) return 0;
  return left.date < right.date ? -1 : 1;
}

const FamilyMember* FindPredecessor(const v1::Assessment& newer, int64_t created_at_us,
                                    std::span<const FamilyMember> members) {
  const FamilyName name = ParseFamilyName(newer.name());
  struct Candidate {
    const FamilyMember* member;
    FamilyName name;
  };
  std::vector<Candidate> older;
  double largest = 0;
  for (const FamilyMember& member : members) {
    FamilyName other = ParseFamilyName(member.assessment->name());
    if (!IsSameLine(name, other) || member.created_at_us >= created_at_us ||
        CompareAge(other, name) >= 0) {
      continue;
    }
    largest = std::max(largest, other.size_b);
    older.push_back({&member, std::move(other)});
  }
  const bool is_flagship = name.size_b > largest;
  const Candidate* best = nullptr;
  for (const Candidate& candidate : older) {
    const double ratio = Ratio(name.size_b, candidate.name.size_b);
    const bool is_close = ratio > 0 && ratio <= kComparableSize;
    const bool is_unsaid = name.size_b == 0 || candidate.name.size_b == 0;
    if (!is_close && !is_flagship && !is_unsaid) continue;
    if (best == nullptr) {
      best = &candidate;
      continue;
    }
    const int age = CompareAge(best->name, candidate.name);
    const bool is_nearer = is_flagship || is_unsaid ? candidate.name.size_b > best->name.size_b
                                                    : ratio < Ratio(name.size_b, best->name.size_b);
    if (age < 0 || (age == 0 && is_nearer)) best = &candidate;
  }
  return best == nullptr ? nullptr : best->member;
}

std::optional<v1::Event> RegressionEvent(const TermsTable& table, const v1::Assessment& newer,
                                         const v1::Assessment& predecessor) {
  if (newer.is_memory_only() || predecessor.is_memory_only()) return std::nullopt;
  const v1::Shift shift = CompareTerms(LicenceTermsOf(predecessor), LicenceTermsOf(newer));
  const auto find = [&](const v1::Move& move) {
    const auto& scenarios = table.scenarios().scenario();
    return std::find_if(scenarios.begin(), scenarios.end(), [&](const v1::Scenario& scenario) {
      return scenario.id() == move.scenario() && scenario.group() != kStanding;
    });
  };
  const auto none = table.scenarios().scenario().end();
  const bool took = std::any_of(shift.lost().begin(), shift.lost().end(), [&](const auto& move) {
    const auto scenario = find(move);
    return scenario != none && (scenario->is_core() || move.to().low() == kProhibited);
  });
  const bool gave = std::any_of(shift.gained().begin(), shift.gained().end(),
                                [&](const auto& move) { return find(move) != none; });
  if (!took || gave) return std::nullopt;
  v1::Event event;
  event.set_id("E12");
  event.set_text(absl::StrFormat("%s is tighter than %s of %s, which it follows", LicenceOf(newer),
                                 LicenceOf(predecessor), predecessor.name()));
  for (const v1::Move& move : shift.lost()) event.add_scenarios(move.scenario());
  *event.mutable_because() = shift.lost(0).because();
  *event.mutable_other() = predecessor.key();
  event.set_other_name(predecessor.name());
  return event;
}

std::string FamilyPrefix(std::string_view release_name) {
  const size_t slash = release_name.find('/');
  if (slash == std::string_view::npos || slash == 0) return "";
  size_t end = slash + 1;
  while (end < release_name.size() &&
         IsLetter(absl::ascii_tolower(static_cast<unsigned char>(release_name[end])))) {
    ++end;
  }
  return std::string(release_name.substr(0, end));
}

}  // namespace modelwatch::evaluator
