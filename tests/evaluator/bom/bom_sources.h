// SPDX-License-Identifier: Apache-2.0
// Releases to make BOMs of: as they are, and as someone hostile would have them.
#pragma once

#include <map>
#include <string>

#include "common/digest.h"
#include "evaluator/bom/bom.h"
#include "testing/observations.h"

namespace modelwatch::evaluator {

inline constexpr char kText[] = "You may use it, but never on Mars.\n";

// "owner/<id>", tagged `licence`, with a card and a licence file; not judged.
inline BomSource Unjudged(std::string_view id, std::string_view licence) {
  BomSource source;
  source.endpoint = "https://huggingface.co";
  source.program_version = "1.2.3";
  v1::Version& version = *source.release.mutable_version();
  version.set_sequence(7);
  version.set_recorded_at_us(testing::kHubStartUs + 5'123'456);
  v1::Observation& seen = *version.mutable_observation();
  seen = testing::ObservationOf(id, 3, licence);
  seen.set_last_modified_us(testing::kHubStartUs - 1'000'000);
  for (const char* path : {"LICENSE", "README.md"}) {
    v1::File& file = *seen.add_files();
    file.set_path(path);
    file.set_digest(common::Sha256(path == std::string("LICENSE") ? kText : "card"));
    file.set_outcome(v1::FETCHED);
  }
  source.release.set_first_seen_us(testing::kHubStartUs + 3'000'000);
  return source;
}

// Its tag is read as `declared`; its licence file is `concluded`, "" for a text that nobody knows.
inline BomSource Judged(std::string_view id, std::string_view tag, std::string_view declared,
                        std::string_view concluded) {
  BomSource source = Unjudged(id, tag);
  v1::Assessment& assessment = *source.release.mutable_assessment();
  assessment.set_sequence(9);
  assessment.set_recorded_at_us(testing::kHubStartUs + 6'000'000);
  assessment.set_evaluator_version("1.2.3+abc");
  assessment.set_expression(std::string(concluded));
  assessment.set_status(concluded.empty() ? v1::UNKNOWN_LICENCE : v1::EXACT);
  assessment.set_text_digest(common::Sha256(kText));
  assessment.set_terms_class("restricted");
  v1::Finding& of_tag = *assessment.add_findings();
  of_tag.set_source(v1::HUB_TAG);
  of_tag.set_declared(std::string(tag));
  of_tag.set_expression(std::string(declared));
  of_tag.set_status(declared.empty() ? v1::NONE : v1::MENTION);
  v1::Finding& of_text = *assessment.add_findings();
  of_text.set_source(v1::LICENCE_FILE_TEXT);
  of_text.set_path("LICENSE");
  of_text.set_digest(common::Sha256(kText));
  of_text.set_expression(std::string(concluded));
  of_text.set_status(assessment.status());
  of_text.set_reason("read");
  v1::Outcome& outcome = *assessment.mutable_terms()->add_outcomes();
  outcome.set_scenario("sell");
  outcome.mutable_interval()->set_low(1);
  outcome.mutable_interval()->set_high(3);
  v1::FrameworkVerdict& verdict = *assessment.add_verdicts();
  verdict.set_framework("osaid");
  verdict.set_answer(v1::NO);
  verdict.set_verdict("not open");
  return source;
}

// Control characters, broken UTF-8, quotes and great lengths wherever a hub may put text.
inline BomSource Hostile() {
  const std::string nasty = "\x01\x1b[31m\"\\</script>\xff\xfe {}\n" + std::string(100'000, 'x');
  BomSource source = Judged("h", nasty, "", nasty);
  v1::Observation& seen = *source.release.mutable_version()->mutable_observation();
  seen.set_name("own er/\"na\x01me<>" + std::string(400, 'y'));
  seen.mutable_key()->set_id("a#b/c \"d");
  seen.set_revision("");
  seen.set_last_modified_us(INT64_MAX);
  seen.mutable_declared()->add_card_licences("other");
  seen.mutable_declared()->set_license_name(nasty);
  seen.mutable_declared()->set_license_link("https://ev\"il.example/" + nasty);
  seen.mutable_files(0)->set_path("LICENSE " + nasty.substr(0, 200));
  source.release.mutable_assessment()->mutable_verdicts(0)->set_verdict(nasty);
  source.release.mutable_assessment()->mutable_findings(1)->set_path(seen.files(0).path());
  for (int i = 0; i < 1000; ++i) source.bases.push_back({nasty.substr(0, 300), nasty, {}});
  return source;
}

inline BomSource Derived() {
  BomSource source = Judged("derived", "apache-2.0", "Apache-2.0", "Apache-2.0");
  source.bases.push_back({"owner/known", "finetune", Judged("known", "mit", "MIT", "MIT").release});
  source.bases.push_back({"gone/unknown", "", {}});
  return source;
}

// One of each kind, by name.
inline std::map<std::string, BomSource> AllSources() {
  BomSource named = Unjudged("named", "other");
  named.release.mutable_version()->mutable_observation()->mutable_declared()->set_license_name(
      "mars-1.0");
  return {
      {"unjudged", Unjudged("unjudged", "mit")},
      {"undeclared", Unjudged("undeclared", "")},
      {"other", Unjudged("other", "other")},
      {"named", named},
      {"plain", Judged("plain", "apache-2.0", "Apache-2.0", "Apache-2.0")},
      {"choice", Judged("choice", "mit", "MIT", "MIT OR Apache-2.0")},
      {"exception", Judged("exception", "mit", "MIT", "Apache-2.0 WITH LLVM-exception")},
      {"ref", Judged("ref", "llama3", "LicenseRef-llama3", "MIT AND LicenseRef-llama3")},
      {"unknown", Judged("unknown", "other", "", "")},
      {"invented", Judged("invented", "unknown", "", "unknown")},
      {"derived", Derived()},
      {"hostile", Hostile()},
  };
}

}  // namespace modelwatch::evaluator
