// SPDX-License-Identifier: Apache-2.0
// The lexicon of shift_words.cc. Source of every row: own reading of the licences of the corpus and
// of the model licences (docs/terms.md), English and Chinese.
#pragma once

#include <string_view>
#include <utility>

#include "evaluator/terms/shift_words.h"

namespace modelwatch::evaluator {

struct RoleWords {
  WordRole role;
  std::string_view words;  // apart by blanks; the first row that has a word counts
};

inline constexpr RoleWords kRoleWords[] = {
    {WordRole::kMay, "may can"},
    {WordRole::kMayNot, "maynot mustnot cannot willnot shouldnot"},
    {WordRole::kMust, "must shall"},
    {WordRole::kWill, "will"},
    {WordRole::kShould, "should please encouraged recommended advised"},
    {WordRole::kDoNot, "donot"},
    {WordRole::kGrant, "grant grants granted granting"},
    {WordRole::kPermit, "permitted allowed authorized entitled permits allows freeto permit allow"},
    {WordRole::kProhibit,
     "prohibited forbidden disallowed banned prohibits forbids disallows refrain agreenot "
     "restrictedfrom barred prohibit forbid impermissible excludes ban excluded ineligible void "
     "unavailable"},
    {WordRole::kRequire,
     "requires required requiredto needto haveto obligated obliged agreeto providedthat "
     "conditioned "
     "indemnify defend payable owe owes undertake"},
    {WordRole::kReserve, "reserveright"},
    {WordRole::kEnd,
     "terminate terminates terminated revoke revokes revoked suspend suspended withdraw withdrawn "
     "expire expires expired cease lapse ends"},
    {WordRole::kNo, "no nor neither nothing none nobody never without"},
    {WordRole::kNot, "not"},
    {WordRole::kExcept, "except unless excluding outside excepting save"},
    {WordRole::kIf,
     "if when where whenever once subjectto aslongas conditional until knowingly intentionally "
     "willfully materially reasonableefforts"},
    {WordRole::kLimit,
     "only solely exclusively noncommercial noncommercially merely limitedto revocable "
     "nontransferable nonsublicensable nonassignable restricted consent approval temporary"},
    {WordRole::kBonus,
     "withorwithout perpetual worldwide irrevocable royaltyfree nocharge freeofcharge fullypaid "
     "sublicensable "
     "transferable unlimited unrestricted norestriction nonrevocable"},
    {WordRole::kWiden,
     "anytime anyreason anypurpose anyone-else solediscretion withoutnotice withoutcause "
     "whatsoever "
     "immediately"},
    {WordRole::kNarrow,
     "for in within to under with by on upon after before during pursuant accordance extent that "
     "which who whose while as provided"},
    {WordRole::kInclude, "including include includes incl"},
    {WordRole::kUser,
     "you your licensee licensees recipient recipients anyone everyone user users customer "
     "customers anybody yourself participant"},
    {WordRole::kLicensor,
     "we us our licensor licensors company provider owner holder holders author authors publisher"},
    {WordRole::kStanding,
     "license licenses agreement rights right permissions terms policy access"},
    {WordRole::kRule,
     "restriction restrictions limitation limitations prohibition prohibitions section sections "
     "paragraph clause requirement requirements obligation obligations conditions sentence"},
    {WordRole::kTopic,
     "nonprofit universities university natural students lawful production commercial commercially "
     "commercialize monetize "
     "monetization business profit revenue income "
     "military weapon weapons weaponry warfare nuclear surveillance police policing medical health "
     "legal credit immigration biometric gambling political minors discriminate discrimination "
     "internal personal academic research educational evaluation "
     "harass disinformation misinformation lawenforcement scientific "
     "redistribute redistribution distribute distribution sublicense sell resell transfer publish "
     "share rent lease convey display perform reproduce copy merge use modify modification adapt "
     "translate derivative derivatives finetune finetuning merge "
     "output outputs train training improve distill distillation compete competing competitor "
     "competitors benchmark host hosting hosted saas maas api service asaservice "
     "attribution credit badge logo builtwith poweredby prefix name notice notify report register "
     "registration account update upgrade newest latest audit disclose source "
     "patent patents litigation lawsuit claim claims sue indemnification "
     "fee fees royalty royalties payment pay paid purchase subscription compensation "
     "usepolicy acceptable guidelines incorporated sharealike same reference "
     "affiliate affiliates subsidiary subsidiaries employees contractors government safety filter"},
    {WordRole::kPlace,
     "eu eea europe european uk usa us-country korea china chinese japan india brazil russia iran "
     "cuba syria belarus ukraine crimea venezuela sudan myanmar israel turkey canada australia "
     "mexico france germany italy spain switzerland norway sweden finland denmark poland ireland "
     "austria belgium netherlands portugal greece hungary romania taiwan hongkong singapore "
     "malaysia indonesia vietnam thailand philippines pakistan bangladesh nigeria egypt kenya "
     "ethiopia southafrica saudi emirates qatar iraq afghanistan libya yemen somalia argentina "
     "chile colombia peru kazakhstan africa asia america britain england scotland wales macau "
     "country countries region regions territory jurisdictions"},
    {WordRole::kStop,
     "of and or such any all this these those its their his her it they them herein hereof hereby "
     "hereunder thereof thereto hereto therein is are be been being was were has have had having "
     "do "
     "does did there so then than also other at from into out up down per via i.e e.g etc each "
     "every either both some above below following respective respectively however therefore "
     "furthermore moreover otherwise well but yet own same-as made make makes making given give "
     "more less most least one ones not-only expressly explicitly hereinafter thereby"},
};

// Longest first match; an empty right side leaves the phrase out.
inline constexpr std::pair<std::string_view, std::string_view> kPhrases[] = {
    {"may not", "maynot"},
    {"may under no circumstances", "maynot"},
    {"shall under no circumstances", "mustnot"},
    {"may in no event", "maynot"},
    {"under no circumstances may", "maynot"},
    {"under no circumstances shall", "mustnot"},
    {"shall mean", "means"},
    {"will mean", "means"},
    {"must mean", "means"},
    {"mean", "means"},
    {"along with", "and"},
    {"together with", "and"},
    {"as well as", "and"},
    {"in addition to", "and"},
    {"claims no", "claimno"},
    {"claim no", "claimno"},
    {"does not claim any", "claimno"},
    {"do not claim any", "claimno"},
    {"does not claim", "claimno"},
    {"do not claim", "claimno"},
    {"reserved for", "limitedto"},
    {"reserved to", "limitedto"},
    {"open only to", "limitedto"},
    {"shall not", "mustnot"},
    {"must not", "mustnot"},
    {"can not", "cannot"},
    {"will not", "willnot"},
    {"should not", "shouldnot"},
    {"wont", "willnot"},
    {"do not", "donot"},
    {"does not", "donot"},
    {"dont", "donot"},
    {"did not", "donot"},
    {"shall neither", "mustnot"},
    {"may neither", "maynot"},
    {"shall never", "mustnot"},
    {"must never", "mustnot"},
    {"may never", "maynot"},
    {"will never", "willnot"},
    {"shall in no event", "mustnot"},
    {"are not to", "mustnot"},
    {"agree not to", "agreenot"},
    {"agrees not to", "agreenot"},
    {"undertakes not to", "agreenot"},
    {"agree to not", "agreenot"},
    {"undertake not to", "agreenot"},
    {"agree to", "agreeto"},
    {"agrees to", "agreeto"},
    {"undertakes to", "agreeto"},
    {"required to", "requiredto"},
    {"need to", "needto"},
    {"needs to", "needto"},
    {"have to", "haveto"},
    {"has to", "haveto"},
    {"obliged to", "requiredto"},
    {"obligated to", "requiredto"},
    {"is responsible to", "requiredto"},
    {"provided that", "providedthat"},
    {"on condition that", "providedthat"},
    {"on the condition that", "providedthat"},
    {"provided you", "providedthat"},
    {"restricted from", "restrictedfrom"},
    {"prevented from", "restrictedfrom"},
    {"free to", "freeto"},
    {"at liberty to", "freeto"},
    {"reserves the right", "reserveright"},
    {"reserve the right", "reserveright"},
    {"retains the right", "reserveright"},
    {"reserves the rights", "reserveright"},
    {"has the right to", "reserveright"},
    {"all rights reserved", ""},
    {"subject to", "subjectto"},
    {"as long as", "aslongas"},
    {"so long as", "aslongas"},
    {"only if", "providedthat"},
    {"other than", "except"},
    {"apart from", "except"},
    {"except for", "except"},
    {"with the exception of", "except"},
    {"but not", "except"},
    {"save for", "except"},
    {"except that", "except"},
    {"limited to", "limitedto"},
    {"restricted to", "limitedto"},
    {"confined to", "limitedto"},
    {"including but not limited to", "including"},
    {"including without limitation", "including"},
    {"including without limiting", "including"},
    {"not limited to", "including"},
    {"but not limited to", ""},
    {"without limitation", "norestriction"},
    {"without restriction", "norestriction"},
    {"whether or not", ""},
    {"not only", ""},
    {"if any", ""},
    {"as is", ""},
    {"for the avoidance of doubt", ""},
    {"for clarity", ""},
    {"non commercial", "noncommercial"},
    {"not for profit", "nonprofit"},
    {"non profit", "nonprofit"},
    {"with or without", "withorwithout"},
    {"royalty free", "royaltyfree"},
    {"no charge", "nocharge"},
    {"free of charge", "freeofcharge"},
    {"fully paid up", "fullypaid"},
    {"fully paid", "fullypaid"},
    {"world wide", "worldwide"},
    {"non sublicensable", "nonsublicensable"},
    {"non sublicenseable", "nonsublicensable"},
    {"non transferable", "nontransferable"},
    {"non assignable", "nonassignable"},
    {"non revocable", "irrevocable"},
    {"nonrevocable", "irrevocable"},
    {"share alike", "sharealike"},
    {"fine tune", "finetune"},
    {"fine tuning", "finetune"},
    {"fine tuned", "finetune"},
    {"law enforcement", "lawenforcement"},
    {"built with", "builtwith"},
    {"powered by", "poweredby"},
    {"as a service", "asaservice"},
    {"acceptable use policy", "usepolicy"},
    {"prohibited use policy", "usepolicy"},
    {"use policy", "usepolicy"},
    {"usage policy", "usepolicy"},
    {"at any time", "anytime"},
    {"from time to time", "anytime"},
    {"for any reason", "anyreason"},
    {"for any or no reason", "anyreason"},
    {"for any purpose", "anypurpose"},
    {"in its sole discretion", "solediscretion"},
    {"at its sole discretion", "solediscretion"},
    {"at our sole discretion", "solediscretion"},
    {"sole discretion", "solediscretion"},
    {"without notice", "withoutnotice"},
    {"without prior notice", "withoutnotice"},
    {"without cause", "withoutcause"},
    {"with or without cause", "withoutcause"},
    {"reasonable efforts to", "reasonableefforts"},
    {"commercially reasonable efforts", "reasonableefforts"},
    {"required by applicable laws", "aslaw"},
    {"permitted by applicable laws", "aslaw"},
    {"european union", "eu"},
    {"european economic area", "eea"},
    {"united kingdom", "uk"},
    {"great britain", "uk"},
    {"united states of america", "usa"},
    {"united states", "usa"},
    {"south korea", "korea"},
    {"republic of korea", "korea"},
    {"north korea", "northkorea"},
    {"hong kong", "hongkong"},
    {"south africa", "southafrica"},
    {"for the purpose of", "for"},
    {"for purposes of", "for"},
    {"for the purposes of", "for"},
    {"in order to", "to"},
    {"prior to", "before"},
    {"in the event that", "if"},
    {"in the event", "if"},
    {"in case", "if"},
    {"to the extent", "extent"},
    {"in accordance with", "accordance"},
    {"pursuant to", "pursuant"},
    {"personal data", "personaldata"},
    {"personal information", "personaldata"},
    {"research and development", "rnd"},
    {"commercially reasonable", "reasonable"},
    {"terms and conditions", "terms"},
    {"terms of use", "terms"},
    {"terms of service", "terms"},
    {"use of", "use"},
    {"uses of", "use"},
    {"make use", "use"},
    {"required by applicable law", "aslaw"},
    {"permitted by applicable law", "aslaw"},
    {"permitted by law", "aslaw"},
    {"required by law", "aslaw"},
    {"allowed by law", "aslaw"},
    {"as permitted", "as"},
    {"expressly permitted", "allowable"},
    {"otherwise permitted", "allowable"},
    {"as expressly permitted", "as"},
    {"each contributor hereby grants", "grants"},
    {"hereby granted", "granted"},
    {"hereby grants", "grants"},
    {"hereby grant", "grant"},
    // Chinese
    {"\xE4\xB8\x8D \xE5\xBE\x97", "mustnot"},                                // 不得
    {"\xE4\xB8\x8D \xE5\x8F\xAF \xE4\xBB\xA5", "mustnot"},                   // 不可以
    {"\xE4\xB8\x8D \xE5\x8F\xAF", "mustnot"},                                // 不可
    {"\xE4\xB8\x8D \xE8\x83\xBD", "mustnot"},                                // 不能
    {"\xE4\xB8\x8D \xE5\xBA\x94", "mustnot"},                                // 不应
    {"\xE4\xB8\x8D \xE4\xBC\x9A", "willnot"},                                // 不会
    {"\xE7\xA6\x81 \xE6\xAD\xA2", "prohibited"},                             // 禁止
    {"\xE4\xB8\xA5 \xE7\xA6\x81", "prohibited"},                             // 严禁
    {"\xE4\xB8\x8D \xE5\x85\x81 \xE8\xAE\xB8", "prohibited"},                // 不允许
    {"\xE5\x8F\xAF \xE4\xBB\xA5", "may"},                                    // 可以
    {"\xE6\x9C\x89 \xE6\x9D\x83", "may"},                                    // 有权
    {"\xE5\x85\x81 \xE8\xAE\xB8", "permitted"},                              // 允许
    {"\xE6\x8E\x88 \xE4\xBA\x88", "grants"},                                 // 授予
    {"\xE5\xBF\x85 \xE9\xA1\xBB", "must"},                                   // 必须
    {"\xE5\xBA\x94 \xE5\xBD\x93", "must"},                                   // 应当
    {"\xE5\xBA\x94", "must"},                                                // 应
    {"\xE9\xA1\xBB", "must"},                                                // 须
    {"\xE9\x9C\x80 \xE8\xA6\x81", "must"},                                   // 需要
    {"\xE9\x9C\x80", "must"},                                                // 需
    {"\xE4\xBB\x85 \xE9\x99\x90", "only"},                                   // 仅限
    {"\xE4\xBB\x85 \xE4\xBE\x9B", "only"},                                   // 仅供
    {"\xE4\xBB\x85", "only"},                                                // 仅
    {"\xE5\x8F\xAA \xE8\x83\xBD", "only"},                                   // 只能
    {"\xE9\x99\xA4 \xE9\x9D\x9E", "unless"},                                 // 除非
    {"\xE9\x9D\x9E \xE5\x95\x86 \xE4\xB8\x9A", "noncommercial"},             // 非商业
    {"\xE5\x95\x86 \xE4\xB8\x9A", "commercial"},                             // 商业
    {"\xE5\x95\x86 \xE7\x94\xA8", "commercial"},                             // 商用
    {"\xE7\xA0\x94 \xE7\xA9\xB6", "research"},                               // 研究
    {"\xE5\xAD\xA6 \xE6\x9C\xAF", "academic"},                               // 学术
    {"\xE5\x86\x9B \xE4\xBA\x8B", "military"},                               // 军事
    {"\xE6\xAD\xA6 \xE5\x99\xA8", "weapons"},                                // 武器
    {"\xE6\xAC\xA7 \xE7\x9B\x9F", "eu"},                                     // 欧盟
    {"\xE8\x8B\xB1 \xE5\x9B\xBD", "uk"},                                     // 英国
    {"\xE9\x9F\xA9 \xE5\x9B\xBD", "korea"},                                  // 韩国
    {"\xE5\x88\x86 \xE5\x8F\x91", "distribute"},                             // 分发
    {"\xE4\xBF\xAE \xE6\x94\xB9", "modify"},                                 // 修改
    {"\xE8\xAE\xAD \xE7\xBB\x83", "train"},                                  // 训练
    {"\xE8\xBE\x93 \xE5\x87\xBA", "output"},                                 // 输出
    {"\xE7\x99\xBB \xE8\xAE\xB0", "register"},                               // 登记
    {"\xE6\xB3\xA8 \xE5\x86\x8C", "register"},                               // 注册
    {"\xE7\x94\xB3 \xE8\xAF\xB7", "apply"},                                  // 申请
    {"\xE4\xB9\xA6 \xE9\x9D\xA2", "prior"},                                  // 书面
    {"\xE7\xBB\x88 \xE6\xAD\xA2", "terminate"},                              // 终止
    {"\xE6\x92\xA4 \xE9\x94\x80", "revoke"},                                 // 撤销
    {"\xE4\xB8\x8D \xE5\x8F\xAF \xE6\x92\xA4 \xE9\x94\x80", "irrevocable"},  // 不可撤销
    {"\xE5\x85\x8D \xE8\xB4\xB9", "freeofcharge"},                           // 免费
    {"\xE6\xB0\xB8 \xE4\xB9\x85", "perpetual"},                              // 永久
    {"\xE5\x85\xA8 \xE7\x90\x83", "worldwide"},                              // 全球
    {"\xE8\xAE\xB8 \xE5\x8F\xAF \xE6\x96\xB9", "licensor"},                  // 许可方
    {"\xE8\xA2\xAB \xE8\xAE\xB8 \xE5\x8F\xAF \xE6\x96\xB9", "you"},          // 被许可方
    {"\xE6\x82\xA8", "you"},                                                 // 您
    {"\xE4\xBD\xA0", "you"},                                                 // 你
    {"\xE6\x88\x91 \xE4\xBB\xAC", "we"},                                     // 我们
};

inline constexpr std::pair<std::string_view, std::string_view> kEquals[] = {
    {"can", "may"},
    {"https", "http"},
    {"towards", "toward"},
    {"amongst", "among"},
    {"whilst", "while"},
    {"utilize", "use"},
    {"utilise", "use"},
    {"utilizing", "using"},
    {"dont", "donot"},
    {"persons", "people"},
    {"solely", "only"},
    {"exclusively", "only"},
    {"merely", "only"},
    {"ask", "request"},
    {"separated", "separate"},
    {"%", "percent"},
    {"organisations", "organizations"},
};

inline constexpr std::pair<std::string_view, std::string_view> kSpellings[] = {
    {"isation", "ization"}, {"isations", "izations"}, {"ising", "izing"},
    {"ised", "ized"},       {"ise", "ize"},           {"ises", "izes"},
    {"our", "or"},          {"ours", "ors"},          {"oured", "ored"},
    {"ouring", "oring"},    {"ourable", "orable"},    {"elling", "eling"},
    {"elled", "eled"},      {"icence", "icense"},     {"icences", "icenses"},
    {"icenced", "icensed"}, {"efence", "efense"},     {"ffence", "ffense"},
    {"entre", "enter"},     {"ogue", "og"},           {"gement", "gment"},
};

inline constexpr std::pair<std::string_view, double> kMagnitudes[] = {
    {"hundred", 1e2},      {"thousand", 1e3},     {"million", 1e6},      {"millions", 1e6},
    {"billion", 1e9},      {"billions", 1e9},     {"trillion", 1e12},    {"m", 1e6},
    {"mn", 1e6},           {"bn", 1e9},           {"\xE4\xB8\x87", 1e4}, {"\xE4\xBA\xBF", 1e8},
    {"\xE5\x8D\x83", 1e3}, {"\xE7\x99\xBE", 1e2},
};

inline constexpr std::pair<std::string_view, double> kNumberWords[] = {
    {"two", 2},     {"three", 3},   {"four", 4},   {"five", 5},    {"six", 6},     {"seven", 7},
    {"eight", 8},   {"nine", 9},    {"ten", 10},   {"eleven", 11}, {"twelve", 12}, {"fifteen", 15},
    {"twenty", 20}, {"thirty", 30}, {"forty", 40}, {"fifty", 50},  {"sixty", 60},  {"seventy", 70},
    {"eighty", 80}, {"ninety", 90}, {"one", 1},
};

}  // namespace modelwatch::evaluator
