// SPDX-License-Identifier: Apache-2.0
#include "cli/story.h"

#include <algorithm>
#include <array>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "common/clock.h"
#include "common/status_macros.h"

namespace modelwatch::cli {
namespace {

constexpr std::array<std::string_view, 4> kSeverities = {"info", "notice", "warning", "critical"};
constexpr std::array<std::string_view, 12> kKeys = {"tag",      "card",    "name",   "link",
                                                    "gate",     "private", "prompt", "excludes-eu",
                                                    "presence", "base",    "rename", "created"};

// Words of a line; "quoted words" are one, with \n, \" and \\ in them.
absl::StatusOr<std::vector<std::string>> WordsOf(std::string_view line) {
  std::vector<std::string> words;
  size_t i = 0;
  while (true) {
    while (i < line.size() && (line[i] == ' ' || line[i] == '\t' || line[i] == '\r')) ++i;
    if (i == line.size() || line[i] == '#') return words;
    std::string word;
    if (line[i] != '"') {
      while (i < line.size() && line[i] != ' ' && line[i] != '\t' && line[i] != '\r') {
        word.push_back(line[i++]);
      }
      words.push_back(std::move(word));
      continue;
    }
    for (++i; i < line.size() && line[i] != '"'; ++i) {
      if (line[i] == '\\' && i + 1 < line.size()) {
        ++i;
        word.push_back(line[i] == 'n' ? '\n' : line[i]);
      } else {
        word.push_back(line[i]);
      }
    }
    if (i == line.size()) return absl::InvalidArgumentError("a quote is not closed");
    ++i;
    words.push_back(std::move(word));
  }
}

// "2026-08-01", RFC 3339, or "+2d", "+13h", "+5m" after `before`.
absl::StatusOr<int64_t> TimeOf(const std::string& word, int64_t before) {
  if (!absl::StartsWith(word, "+")) {
    return common::ParseMicros(word);
  }
  int64_t number = 0;
  const char unit = word.back();
  const int64_t seconds = unit == 'd' ? 86'400 : unit == 'h' ? 3600 : unit == 'm' ? 60 : 0;
  if (seconds == 0 || !absl::SimpleAtoi(word.substr(1, word.size() - 2), &number) || number < 0 ||
      number > 1'000'000) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "\"%s\" is no time; 2026-08-01, 2026-08-01T12:00:00Z, +2d, +13h or +5m", word));
  }
  return before + number * seconds * 1'000'000;
}

class Parser {
 public:
  absl::Status Line(std::string_view line, int number) {
    line_ = number;
    ASSIGN_OR_RETURN(const std::vector<std::string> words, WordsOf(line));
    if (words.empty()) return absl::OkStatus();
    if (words[0] == "story") return Begin(line);
    if (words[0] == "at") return At(words);
    if (words[0] == "expect") return Expect(words);
    return absl::InvalidArgumentError(
        absl::StrFormat("\"%s\" begins nothing; story, at or expect", words[0]));
  }

  absl::StatusOr<std::vector<Story>> End() {
    if (stories_.empty()) return absl::InvalidArgumentError("no story");
    return std::move(stories_);
  }
  [[nodiscard]] int line() const { return line_; }

 private:
  absl::Status Begin(std::string_view line) {
    const size_t title = std::min(line.find("story") + 6, line.size());
    stories_.push_back({std::string(absl::StripAsciiWhitespace(
                            absl::string_view(line.data() + title, line.size() - title))),
                        line_,
                        {}});
    return absl::OkStatus();
  }

  absl::Status At(const std::vector<std::string>& words) {
    if (stories_.empty()) return absl::InvalidArgumentError("say `story TITLE` first");
    if (words.size() < 2) return absl::InvalidArgumentError("at what time?");
    std::vector<StoryStep>& steps = stories_.back().steps;
    StoryStep step;
    step.line = line_;
    const bool is_relative = absl::StartsWith(words[1], "+");
    if (is_relative && steps.empty()) {
      return absl::InvalidArgumentError("the first time of a story is a date");
    }
    ASSIGN_OR_RETURN(step.at_us, TimeOf(words[1], steps.empty() ? 0 : steps.back().at_us));
    if (!steps.empty() && step.at_us < steps.back().at_us) {
      return absl::InvalidArgumentError("time goes back");
    }
    if (words.size() > 2) step.release = words[2];
    for (size_t i = 3; i < words.size();) {
      const bool is_file = words[i] == "file";
      const size_t takes = is_file ? 3 : 2;
      if (!is_file && std::find(kKeys.begin(), kKeys.end(), words[i]) == kKeys.end()) {
        return absl::InvalidArgumentError(absl::StrFormat(
            "\"%s\" is nothing that a release shows; one of file, %s", words[i], KeyWords()));
      }
      if (i + takes > words.size()) {
        return absl::InvalidArgumentError(absl::StrFormat("\"%s\" needs a value", words[i]));
      }
      step.changes.emplace_back(is_file ? "file " + words[i + 1] : words[i], words[i + takes - 1]);
      i += takes;
    }
    steps.push_back(std::move(step));
    return absl::OkStatus();
  }

  absl::Status Expect(const std::vector<std::string>& words) {
    if (stories_.empty() || stories_.back().steps.empty()) {
      return absl::InvalidArgumentError("nothing has happened yet");
    }
    if (words.size() == 2 && words[1] == "nothing") return absl::OkStatus();
    Expectation expected;
    expected.line = line_;
    for (size_t i = 1; i < words.size(); ++i) {
      const std::string& word = words[i];
      const bool is_event = word.size() > 1 && word[0] == 'E' && word[1] >= '0' && word[1] <= '9';
      if (std::find(kSeverities.begin(), kSeverities.end(), word) != kSeverities.end()) {
        expected.severity = word;
      } else if (is_event) {
        expected.event = word;
      } else if (word.find('/') != std::string::npos) {
        expected.release = word;
      } else {
        expected.rule = word;
      }
    }
    stories_.back().steps.back().expected.push_back(std::move(expected));
    return absl::OkStatus();
  }

  static std::string KeyWords() {
    std::string words;
    for (const std::string_view key : kKeys)
      words += (words.empty() ? "" : ", ") + std::string(key);
    return words;
  }

  std::vector<Story> stories_;
  int line_ = 0;
};

}  // namespace

absl::StatusOr<std::vector<Story>> ParseStories(std::string_view text, std::string_view file) {
  Parser parser;
  const auto place = [&](const absl::Status& status) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "stories %s, line %d: %s", file, parser.line(), std::string(status.message())));
  };
  int number = 0;
  for (const absl::string_view line :
       absl::StrSplit(absl::string_view(text.data(), text.size()), '\n')) {
    const absl::Status status = parser.Line(std::string_view(line.data(), line.size()), ++number);
    if (!status.ok()) return place(status);
  }
  absl::StatusOr<std::vector<Story>> stories = parser.End();
  return stories.ok() ? std::move(stories) : place(stories.status());
}

}  // namespace modelwatch::cli
