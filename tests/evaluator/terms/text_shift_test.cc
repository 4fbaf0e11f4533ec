// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "evaluator/license/corpus_builder.h"
#include "evaluator/terms/text_terms.h"
#include "proto/json.h"
#include "testing/own_licences.h"
#include "testing/status_matchers.h"

namespace modelwatch::evaluator {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;

// A licence of our own, in the shape of the model licences.
constexpr std::string_view kLicence = R"(Meadow Model License

1. Definitions. "Model" means the weights of Meadow 2. "Commercial Use" means any use for the purpose of earning money. "Permitted Region" means the world.

2. Grant. The Licensor hereby grants you a perpetual, worldwide, royalty-free license to use, copy, modify and distribute the Model. You may sublicense the Model to your customers.

3. Duties. You must keep this notice in every copy. If your products have more than 100 million monthly active users, you must request a license from the Licensor.

4. Limits. You agree not to use the Model:
(a) for weapons or warfare;
(b) to harass people; or
(c) to break the law, except in a test.

5. End. The Licensor may terminate this license after 30 days notice if you break it. This license does not apply in Freedonia.

6. THE MODEL IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.
)";

std::string With(std::string_view text, std::string_view from, std::string_view to) {
  std::string out(text);
  const size_t at = out.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at != std::string::npos) out.replace(at, from.size(), to);
  return out;
}

class TextShiftTest : public ::testing::Test {
 protected:
  // None of the texts is known: every text is judged by its words.
  static v1::Shift Compare(std::string_view then, std::string_view now) {
    static const Corpus* corpus = [] {
      CorpusBuilder builder;
      EXPECT_OK(builder.AddFile("garden.LICENSE", testing::kGardenLicence));
      return Corpus::Make(*builder.Build())->release();
    }();
    static const Matcher matcher(*corpus);
    return CompareTexts({&matcher, &TermsTable::Builtin()}, then, now);
  }
  static v1::Direction Direction(std::string_view from, std::string_view to) {
    return Compare(kLicence, With(kLicence, from, to)).direction();
  }
};

std::vector<std::string> Scenarios(const google::protobuf::RepeatedPtrField<v1::Move>& moves) {
  std::vector<std::string> names;
  for (const v1::Move& move : moves) names.push_back(move.scenario());
  return names;
}

struct Edit {
  const char* from;
  const char* to;
};

const Edit kTighter[] = {
    {"You may sublicense", "You may not sublicense"},
    {"hereby grants you", "does not grant you"},
    {"100 million monthly", "10 million monthly"},
    {"100 million monthly", "ten million monthly"},
    {"30 days", "7 days"},
    {"perpetual, ", ""},
    {"royalty-free ", ""},
    {" You may sublicense the Model to your customers.", ""},
    {", modify and distribute", " and distribute"},
    {", except in a test", ""},
    {"for weapons or warfare", "for weapons, gambling or warfare"},
    {"(b) to harass people; or", "(b) to harass people;\n(d) to breed horses; or"},
    {"in every copy.", "in every copy and publish your changes."},
    {"to your customers.", "to your customers for research purposes only."},
    {"does not apply in Freedonia",
     "does not apply in Freedonia, the United Kingdom and South Korea"},
    {"purpose of earning money.", "purpose of earning money, including any use inside a company."},
    {"\"Permitted Region\" means the world.",
     "\"Permitted Region\" means the world, excluding Brazil."},
    {"5. End.", "5. End. The Licensor may change these terms at any time."},
    {"5. End.", "5. End. You must display \"Built with Meadow\" on your website."},
    {"5. End.", "5. End. You shall not breed horses."},
    {"5. End.", "5. End. Non-commercial use only."},
    {"if you break it", "at any time for any reason, including if you break it"},
    {"if you break it", "at any time"},
    {"copy, modify and distribute", "copy and modify"},
};

TEST_F(TextShiftTest, TellsATighterTextAndTheWayBackIsLooser) {
  for (const Edit& edit : kTighter) {
    const std::string now = With(kLicence, edit.from, edit.to);
    const v1::Shift there = Compare(kLicence, now), back = Compare(now, kLicence);
    EXPECT_EQ(proto::Word(there.direction()), "tighter") << edit.from << " -> " << edit.to;
    EXPECT_EQ(Scenarios(there.lost()), Scenarios(back.gained())) << edit.to;
    EXPECT_EQ(Scenarios(there.gained()), Scenarios(back.lost())) << edit.to;
    EXPECT_EQ(there.kind(), v1::EDIT) << edit.to;
  }
}

const Edit kSame[] = {
    {"You may sublicense the Model to your customers.",
     "You may sublicense the the Model to your customers."},
    {"You agree not to use", "You must not use"},
    {"You must keep", "You shall keep"},
    {"Meadow 2", "Meadow 3.1"},
    {"1. Definitions.", "2. Definitions."},
    {"2. Grant.", "## 2. GRANT"},
    {"(a) for weapons", "- for weapons"},
    {"30 days notice", "thirty (30) days notice"},
    {"Meadow Model License\n", "Meadow Model Licence\nCopyright 2026 Ann Other\n"},
    {"\n\n3. Duties.", "\n3. Duties."},
    {"in Freedonia.\n", "in Freedonia.\n\nContact: terms@example.org, https://example.org/terms\n"},
    {"WITHOUT WARRANTY OF ANY KIND", "WITHOUT ANY WARRANTY, EXPRESS OR IMPLIED"},
    {"means the weights", "shall mean the weights"},
    {"for weapons or warfare", "for warfare or weapons"},
    {"request a license from the Licensor", "ask the Licensor for a license"},
    {"hereby grants you", "hereby grants to you"},
};

TEST_F(TextShiftTest, SeesNoShiftInWhatChangesNoTerms) {
  for (const Edit& edit : kSame) {
    const v1::Shift shift = Compare(kLicence, With(kLicence, edit.from, edit.to));
    EXPECT_EQ(proto::Word(shift.direction()), "same") << edit.from << " -> " << edit.to;
    EXPECT_EQ(shift.kind(), v1::COSMETIC) << edit.to;
    EXPECT_THAT(Scenarios(shift.lost()), IsEmpty());
  }
}

// What takes the place of a duty, or says the same, is told by what is left to the user.
const Edit kSwallowed[] = {
    {"You must keep this notice in every copy.", "You must not make any copy."},
    {"You must keep this notice in every copy.", "You may not give a copy to anybody."},
    {"you must request a license from the Licensor.", "you must not use the Model."},
    {"5. End.", "5. End. The name of the author must be shown on every page."},
    {"copy, modify and distribute the Model.",
     "copy, modify and distribute the Model, by academic institutions."},
    {"perpetual, worldwide", "worldwide, for three years,"},
    {"5. End.", "5. End. This license is granted for one year and ends by itself."},
    {"5. End.", "5. End. Outputs are derivatives of the Model."},
    {"\"Permitted Region\" means the world.",
     "\"Permitted Region\" means the countries of the European Union."},
    {"5. End.", "5. End. The Model is reserved for members of accredited universities."},
    {"The Licensor may terminate", "Any contributor may amend or terminate"},
    {"(b) to harass people; or", "(b) to harass people, such as:\nto send threats;\n"},
};

TEST_F(TextShiftTest, CountsNothingTwiceOfAClauseThatGaveWayToAnother) {
  for (const Edit& edit : kSwallowed) {
    const std::string now = With(kLicence, edit.from, edit.to);
    EXPECT_EQ(proto::Word(Compare(kLicence, now).direction()), "tighter") << edit.to;
    EXPECT_EQ(proto::Word(Compare(now, kLicence).direction()), "looser") << edit.to;
  }
}

const Edit kAdded[] = {
    {"You shall undertake reasonable efforts to use the latest version.",
     "You shall use the latest version."},
    {"You may host (e.g. as a service), copy and sell the Model.", "You may copy the Model."},
};

TEST_F(TextShiftTest, TellsATighterWordingOfAnAddedClause) {
  for (const Edit& edit : kAdded) {
    const std::string then = With(kLicence, "5. End.", std::string("5. End. ") + edit.from);
    const std::string now = With(kLicence, "5. End.", std::string("5. End. ") + edit.to);
    EXPECT_EQ(proto::Word(Compare(then, now).direction()), "tighter") << edit.to;
    EXPECT_EQ(proto::Word(Compare(now, then).direction()), "looser") << edit.to;
  }
}

TEST_F(TextShiftTest, JudgesTheItemsOfAListByTheWordsThatLeadItIn) {
  const std::string list =
      "You may:\n(a) sell the Model at home; or\n(b) lend it abroad.\n\n5. End.";
  const std::string then = With(kLicence, "5. End.", list);
  const std::string now = With(then, "You may:", "You may not:");
  EXPECT_EQ(proto::Word(Compare(then, now).direction()), "tighter");
  EXPECT_EQ(proto::Word(Compare(now, then).direction()), "looser");
}

// A fee is a burden of its own: whoever no longer pays it has gained.
TEST_F(TextShiftTest, IsMixedWhenABanTakesThePlaceOfAFee) {
  const std::string then =
      With(kLicence, "3. Duties.", "3. Duties. You must pay ten dollars a month for support.");
  const std::string now =
      With(kLicence, "3. Duties.", "3. Duties. You must not use the Model for gambling.");
  EXPECT_EQ(proto::Word(Compare(then, now).direction()), "mixed");
}

// "request a license" is more than "inform": the subject of the duty decides.
TEST_F(TextShiftTest, WeighsOneDutyAgainstAnother) {
  EXPECT_EQ(proto::Word(Direction("request a license from", "inform")), "looser");
}

TEST_F(TextShiftTest, SeesNoShiftInASentenceTurnedRound) {
  EXPECT_EQ(proto::Word(Direction(
                "The Licensor may terminate this license after 30 days notice if you break it.",
                "If you break it, the Licensor may terminate this license after 30 days notice.")),
            "same");
}

TEST_F(TextShiftTest, NeverPassesOverANot) {
  const std::string then =
      With(kLicence, "3. Duties.", "3. Duties. Outputs are not deemed derivatives.");
  const std::string now =
      With(kLicence, "3. Duties.", "3. Duties. Outputs are deemed derivatives.");
  EXPECT_EQ(proto::Word(Compare(then, now).direction()), "tighter");
}

TEST_F(TextShiftTest, NamesTheNearestScenarioOfAPowerThatGrew) {
  const v1::Shift shift =
      Compare(kLicence, With(kLicence, "if you break it", "at any time for any reason"));
  EXPECT_THAT(Scenarios(shift.lost()), Contains("rely_irrevocably"));
}

TEST_F(TextShiftTest, SeesNoShiftInAClauseThatMoved) {
  const std::string clause = "3. Duties. You must keep this notice in every copy. ";
  const std::string without = With(kLicence, clause, "3. ");
  const std::string moved =
      With(without, "5. End. ", "5. End. You must keep this notice in every copy. ");
  EXPECT_EQ(proto::Word(Compare(kLicence, moved).direction()), "same");
}

TEST_F(TextShiftTest, SeesAClauseThatMovedAndChanged) {
  const std::string without =
      With(kLicence, " You may sublicense the Model to your customers.", "");
  const std::string moved =
      With(without, "5. End. ", "5. End. You may not sublicense the Model to your customers. ");
  EXPECT_EQ(proto::Word(Compare(kLicence, moved).direction()), "tighter");
}

TEST_F(TextShiftTest, IsMixedWhenOneClauseGivesAndAnotherTakes) {
  std::string now = With(kLicence, "You may sublicense", "You may not sublicense");
  now = With(now, "100 million", "700 million");
  EXPECT_EQ(proto::Word(Compare(kLicence, now).direction()), "mixed");
  EXPECT_EQ(proto::Word(Compare(now, kLicence).direction()), "mixed");
}

TEST_F(TextShiftTest, NamesWhoLostWithTheClauseThatTookIt) {
  const v1::Shift shift =
      Compare(kLicence, With(kLicence, "does not apply in Freedonia",
                             "does not apply in Freedonia, the United Kingdom and South Korea"));
  EXPECT_THAT(Scenarios(shift.lost()), Contains("uk_kr_com_small"));
  ASSERT_GT(shift.lost_size(), 0);
  ASSERT_GT(shift.lost(0).because_size(), 0);
  EXPECT_EQ(shift.lost(0).because(0).line(), 14u);
  EXPECT_NE(shift.lost(0).because(0).text().find("South Korea"), std::string::npos);
}

// A ban on a subject that no scenario is about tightens, and names nobody.
TEST_F(TextShiftTest, TellsTheDirectionOfASubjectThatItDoesNotKnow) {
  const v1::Shift shift =
      Compare(kLicence, With(kLicence, "5. End.", "5. End. You shall not breed horses."));
  EXPECT_EQ(proto::Word(shift.direction()), "tighter");
}

TEST_F(TextShiftTest, SeesALimitThatHidesInACopyrightLine) {
  EXPECT_EQ(proto::Word(Direction(
                "Meadow Model License\n",
                "Meadow Model License\nCopyright 2026 Ann Other, non-commercial use only\n")),
            "tighter");
}

TEST_F(TextShiftTest, SeesALimitWithoutAVerbOfForce) {
  EXPECT_EQ(proto::Word(Direction("5. End.",
                                  "5. End. You represent that you are not in the European Union.")),
            "tighter");
  EXPECT_EQ(
      proto::Word(Direction("5. End.", "5. End. The Model is provided for research purposes.")),
      "tighter");
}

TEST_F(TextShiftTest, SeesARightGoneFromAListThatWasSetAnew) {
  EXPECT_EQ(proto::Word(Direction("copy, modify and distribute the", "copy and distribute the")),
            "tighter");
}

TEST_F(TextShiftTest, NamesThoseBetweenTheTwoValuesOfAThreshold) {
  const v1::Shift shift = Compare(kLicence, With(kLicence, "100 million", "1 million"));
  EXPECT_THAT(Scenarios(shift.lost()), Contains("com_large"));
  EXPECT_THAT(Scenarios(shift.lost()), ::testing::Not(Contains("com_small")));
  EXPECT_THAT(Scenarios(shift.lost()), ::testing::Not(Contains("com_giant")));
}

TEST_F(TextShiftTest, ReadsChinese) {
  const std::string then =
      "\xE8\xAE\xB8\xE5\x8F\xAF\xE5\x8D\x8F\xE8\xAE\xAE\xE3\x80\x82"
      "\xE6\x82\xA8\xE5\x8F\xAF\xE4\xBB\xA5\xE4\xBD\xBF\xE7\x94\xA8\xE5\x92\x8C\xE5\x88\x86\xE5\x8F"
      "\x91\xE6\xA8\xA1\xE5\x9E\x8B\xE3\x80\x82"
      "\xE6\x82\xA8\xE5\xBF\x85\xE9\xA1\xBB\xE4\xBF\x9D\xE7\x95\x99\xE5\xA3\xB0\xE6\x98\x8E\xE3\x80"
      "\x82";
  const std::string now =
      With(then, "\xE5\x8F\xAF\xE4\xBB\xA5", "\xE4\xB8\x8D\xE5\xBE\x97");  // may -> may not
  EXPECT_EQ(proto::Word(Compare(then, now).direction()), "tighter");
  EXPECT_EQ(proto::Word(Compare(now, then).direction()), "looser");
}

TEST_F(TextShiftTest, TakesAnyBytes) {
  for (const std::string& odd :
       {std::string(), std::string("\0\1\2\xFF\xFE", 5), std::string("\xFF\xFEM\0I\0T\0", 8),
        std::string("<html><body></body></html>"), std::string(1000, '\n')}) {
    EXPECT_NE(Compare(kLicence, odd).direction(), v1::SAME);
    EXPECT_NE(Compare(odd, kLicence).direction(), v1::SAME);
    EXPECT_EQ(Compare(odd, odd).direction(), v1::SAME);
  }
}

}  // namespace
}  // namespace modelwatch::evaluator
