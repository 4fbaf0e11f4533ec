// SPDX-License-Identifier: Apache-2.0
#include "indexer/export/rows.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <string>

#include "common/digest.h"
#include "proto/json.h"

namespace modelwatch::indexer {
namespace {

void Author(std::string_view name, Cell& cell) {
  const size_t slash = name.find('/');
  if (slash != std::string_view::npos) cell.TextIfAny(name.substr(0, slash));
}

void Hex(const std::string& digest, Cell& cell) {
  if (!digest.empty()) cell.OwnText(common::ToHex(digest));
}

// The hub's own words.
std::string_view Gated(v1::Gate gate) {
  return gate == v1::OPEN ? std::string_view("false") : proto::Word(gate);
}

// Columns that name a release, for records that have key() and name().
template <typename Record>
std::vector<typename RowMaker<Record>::Column> Named(
    std::initializer_list<typename RowMaker<Record>::Column> more) {
  std::vector<typename RowMaker<Record>::Column> columns = {
      {"hub", [](const Record& r, Cell& c) { c.Text(r.key().hub()); }},
      {"_id", [](const Record& r, Cell& c) { c.TextIfAny(r.key().id()); }},
      {"id", [](const Record& r, Cell& c) { c.Text(r.name()); }},
      {"author", [](const Record& r, Cell& c) { Author(r.name(), c); }},
      {"sequence", [](const Record& r, Cell& c) { c.Sequence(r.sequence()); }},
      {"observed_at", [](const Record& r, Cell& c) { c.Integer(r.observed_at_us()); }},
      {"recorded_at", [](const Record& r, Cell& c) { c.Integer(r.recorded_at_us()); }}};
  columns.insert(columns.end(), more);
  return columns;
}

// ... and for records that are of a version.
template <typename Record>
std::vector<typename RowMaker<Record>::Column> OfVersion(
    std::initializer_list<typename RowMaker<Record>::Column> more) {
  std::vector<typename RowMaker<Record>::Column> columns = {
      {"hub", [](const Record& r, Cell& c) { c.Text(r.of.version.observation().key().hub()); }},
      {"_id", [](const Record& r, Cell& c) { c.Text(r.of.version.observation().key().id()); }},
      {"id", [](const Record& r, Cell& c) { c.Text(r.of.version.observation().name()); }},
      {"author", [](const Record& r, Cell& c) { Author(r.of.version.observation().name(), c); }},
      {"version", [](const Record& r, Cell& c) { c.Sequence(r.of.version.sequence()); }},
      {"assessment", [](const Record& r, Cell& c) {
         if (r.of.assessment != nullptr) c.Sequence(r.of.assessment->sequence());
       }}};
  columns.insert(columns.end(), more);
  return columns;
}

// Columns of a shift.
template <typename Record>
void AddShift(std::vector<typename RowMaker<Record>::Column>& columns) {
  columns.insert(
      columns.end(),
      {{"direction",
        [](const Record& r, Cell& c) {
          if (r.has_shift()) c.Text(proto::Word(r.shift().direction()));
        }},
       {"kind",
        [](const Record& r, Cell& c) {
          if (r.has_shift()) c.TextIfAny(proto::Word(r.shift().kind()));
        }},
       {"from_licence", [](const Record& r, Cell& c) { c.TextIfAny(r.shift().from_licence()); }},
       {"to_licence", [](const Record& r, Cell& c) { c.TextIfAny(r.shift().to_licence()); }},
       {"lost",
        [](const Record& r, Cell& c) {
          for (const v1::Move& move : r.shift().lost()) c.AddText(move.scenario());
        }},
       {"gained", [](const Record& r, Cell& c) {
          for (const v1::Move& move : r.shift().gained()) c.AddText(move.scenario());
        }}});
}

const v1::Observation& Seen(const VersionRecord& record) { return record.version.observation(); }
const v1::Declared& Declared(const VersionRecord& record) { return Seen(record).declared(); }

template <typename Texts>
void AddAll(const Texts& texts, Cell& cell) {
  for (const std::string& text : texts) cell.AddText(text);
}

// What stands on an assessment, null where there is none.
template <typename Get>
void Judged(const VersionRecord& record, Cell& cell, const Get& get) {
  if (record.assessment != nullptr) cell.TextIfAny(get(*record.assessment));
}

}  // namespace

template <>
const std::vector<RowMaker<VersionRecord>::Column>& RowMaker<VersionRecord>::Columns() {
  using R = VersionRecord;
  static const auto* const columns = new std::vector<Column>{
      {"hub", [](const R& r, Cell& c) { c.Text(Seen(r).key().hub()); }},
      {"_id", [](const R& r, Cell& c) { c.Text(Seen(r).key().id()); }},
      {"id", [](const R& r, Cell& c) { c.Text(Seen(r).name()); }},
      {"author", [](const R& r, Cell& c) { Author(Seen(r).name(), c); }},
      {"sequence", [](const R& r, Cell& c) { c.Sequence(r.version.sequence()); }},
      {"sha", [](const R& r, Cell& c) { c.TextIfAny(Seen(r).revision()); }},
      {"created_at", [](const R& r, Cell& c) { c.Time(Seen(r).created_at_us()); }},
      {"last_modified", [](const R& r, Cell& c) { c.Time(Seen(r).last_modified_us()); }},
      {"presence", [](const R& r, Cell& c) { c.Text(proto::Word(Seen(r).access().presence())); }},
      {"gated", [](const R& r, Cell& c) { c.Text(Gated(Seen(r).access().gate())); }},
      {"private", [](const R& r, Cell& c) { c.Boolean(Seen(r).access().is_private()); }},
      {"license", [](const R& r, Cell& c) { AddAll(Declared(r).tag_licences(), c); }},
      {"card_license", [](const R& r, Cell& c) { AddAll(Declared(r).card_licences(), c); }},
      {"license_name", [](const R& r, Cell& c) { c.TextIfAny(Declared(r).license_name()); }},
      {"license_link", [](const R& r, Cell& c) { c.TextIfAny(Declared(r).license_link()); }},
      {"base_model",
       [](const R& r, Cell& c) {
         for (const v1::BaseModel& base : Declared(r).base_models()) c.AddText(base.name());
       }},
      {"base_model_relation",
       [](const R& r, Cell& c) {
         for (const v1::BaseModel& base : Declared(r).base_models()) c.AddText(base.relation());
       }},
      {"gated_eu_disallowed",
       [](const R& r, Cell& c) { c.Boolean(Declared(r).excludes_eu()); }},
      {"files",
       [](const R& r, Cell& c) {
         for (const v1::File& file : Seen(r).files()) c.AddText(file.path());
       }},
      {"file_sha256",
       [](const R& r, Cell& c) {
         for (const v1::File& file : Seen(r).files()) c.AddOwnText(common::ToHex(file.digest()));
       }},
      {"observed_at", [](const R& r, Cell& c) { c.Integer(Seen(r).observed_at_us()); }},
      {"recorded_at", [](const R& r, Cell& c) { c.Integer(r.version.recorded_at_us()); }},
      {"valid_to", [](const R& r, Cell& c) { c.Time(r.valid_to_us); }},
      {"assessment",
       [](const R& r, Cell& c) {
         if (r.assessment != nullptr) c.Sequence(r.assessment->sequence());
       }},
      {"licence",
       [](const R& r, Cell& c) {
         Judged(r, c, [](const auto& a) -> std::string_view { return a.licence(); });
       }},
      {"licence_expression",
       [](const R& r, Cell& c) {
         Judged(r, c, [](const auto& a) -> std::string_view { return a.expression(); });
       }},
      {"licence_status",
       [](const R& r, Cell& c) {
         Judged(r, c, [](const auto& a) { return proto::Word(a.status()); });
       }},
      {"terms_class", [](const R& r, Cell& c) {
         Judged(r, c, [](const auto& a) -> std::string_view { return a.terms_class(); });
       }}};
  return *columns;
}

template <>
const std::vector<RowMaker<FindingRecord>::Column>& RowMaker<FindingRecord>::Columns() {
  using R = FindingRecord;
  static const auto* const columns = new std::vector<Column>(OfVersion<R>(
      {{"source", [](const R& r, Cell& c) { c.Text(proto::Word(r.finding.source())); }},
       {"path", [](const R& r, Cell& c) { c.TextIfAny(r.finding.path()); }},
       {"sha256", [](const R& r, Cell& c) { Hex(r.finding.digest(), c); }},
       {"declared", [](const R& r, Cell& c) { c.TextIfAny(r.finding.declared()); }},
       {"licence", [](const R& r, Cell& c) { c.TextIfAny(r.finding.licence()); }},
       {"licence_expression", [](const R& r, Cell& c) { c.TextIfAny(r.finding.expression()); }},
       {"licence_status", [](const R& r, Cell& c) { c.Text(proto::Word(r.finding.status())); }},
       {"base", [](const R& r, Cell& c) { c.TextIfAny(r.finding.base()); }},
       {"score", [](const R& r, Cell& c) { c.Real(r.finding.score()); }},
       {"clauses", [](const R& r, Cell& c) {
          for (const auto* spans : {&r.finding.added(), &r.finding.missing()}) {
            for (const v1::ResidueSpan& span : *spans) {
              if (!span.clause().empty()) c.AddText(span.clause());
            }
          }
        }}}));
  return *columns;
}

template <>
const std::vector<RowMaker<TextRecord>::Column>& RowMaker<TextRecord>::Columns() {
  using R = TextRecord;
  static const auto* const columns = new std::vector<Column>{
      {"sha256", [](const R& r, Cell& c) { Hex(r.digest, c); }},
      {"licence", [](const R& r, Cell& c) { c.TextIfAny(r.finding.licence()); }},
      {"licence_expression", [](const R& r, Cell& c) { c.TextIfAny(r.finding.expression()); }},
      {"licence_status", [](const R& r, Cell& c) { c.Text(proto::Word(r.finding.status())); }},
      {"base", [](const R& r, Cell& c) { c.TextIfAny(r.finding.base()); }},
      {"releases", [](const R& r, Cell& c) { c.Integer(static_cast<int64_t>(r.releases)); }},
      {"hub", [](const R& r, Cell& c) { c.Text(r.holder.hub()); }},
      {"_id", [](const R& r, Cell& c) { c.Text(r.holder.id()); }},
      {"path", [](const R& r, Cell& c) { c.TextIfAny(r.finding.path()); }},
      {"text", [](const R& r, Cell& c) { c.TextIfAny(r.text); }}};
  return *columns;
}

template <>
const std::vector<RowMaker<v1::Change>::Column>& RowMaker<v1::Change>::Columns() {
  using R = v1::Change;
  static const auto* const columns = new std::vector<Column>(Named<R>(
      {{"kinds",
        [](const R& r, Cell& c) {
          for (const int kind : r.kinds()) {
            c.AddText(proto::Word(static_cast<v1::ChangeKind>(kind)));
          }
        }},
       {"previous_version", [](const R& r, Cell& c) { c.Sequence(r.previous_version()); }},
       {"sha", [](const R& r, Cell& c) { c.TextIfAny(r.revision()); }},
       {"previous_sha", [](const R& r, Cell& c) { c.TextIfAny(r.previous_revision()); }}}));
  return *columns;
}

template <>
const std::vector<RowMaker<v1::Assessment>::Column>& RowMaker<v1::Assessment>::Columns() {
  using R = v1::Assessment;
  static const auto* const columns = [] {
    auto* const made = new std::vector<Column>(Named<R>(
        {{"version", [](const R& r, Cell& c) { c.Sequence(r.version()); }},
         {"licence", [](const R& r, Cell& c) { c.TextIfAny(r.licence()); }},
         {"licence_expression", [](const R& r, Cell& c) { c.TextIfAny(r.expression()); }},
         {"licence_status", [](const R& r, Cell& c) { c.TextIfAny(proto::Word(r.status())); }},
         {"terms_class", [](const R& r, Cell& c) { c.TextIfAny(r.terms_class()); }},
         {"evaluator_version", [](const R& r, Cell& c) { c.Text(r.evaluator_version()); }},
         {"corpus_version", [](const R& r, Cell& c) { c.Text(r.corpus_version()); }},
         {"is_reassessment", [](const R& r, Cell& c) { c.Boolean(r.is_reassessment()); }},
         {"scenarios",
          [](const R& r, Cell& c) {
            for (const v1::Outcome& outcome : r.terms().outcomes()) c.AddText(outcome.scenario());
          }},
         {"low",
          [](const R& r, Cell& c) {
            for (const v1::Outcome& o : r.terms().outcomes()) c.AddInteger(o.interval().low());
          }},
         {"high",
          [](const R& r, Cell& c) {
            for (const v1::Outcome& o : r.terms().outcomes()) c.AddInteger(o.interval().high());
          }},
         {"events",
          [](const R& r, Cell& c) {
            for (const v1::Event& event : r.events()) c.AddText(event.id());
          }},
         {"sha256", [](const R& r, Cell& c) { Hex(r.text_digest(), c); }}}));
    AddShift<R>(*made);
    return made;
  }();
  return *columns;
}

template <>
const std::vector<RowMaker<v1::Alert>::Column>& RowMaker<v1::Alert>::Columns() {
  using R = v1::Alert;
  static const auto* const columns = [] {
    auto* const made = new std::vector<Column>(
        Named<R>({{"severity", [](const R& r, Cell& c) { c.Text(proto::Word(r.severity())); }},
                  {"rule", [](const R& r, Cell& c) { c.TextIfAny(r.rule()); }},
                  {"event", [](const R& r, Cell& c) { c.TextIfAny(r.event()); }},
                  {"title", [](const R& r, Cell& c) { c.Text(r.title()); }},
                  {"assessment", [](const R& r, Cell& c) { c.Sequence(r.assessment()); }},
                  {"before_version", [](const R& r, Cell& c) { c.Sequence(r.before().version()); }},
                  {"after_version", [](const R& r, Cell& c) { c.Sequence(r.after().version()); }},
                  {"before_sha256", [](const R& r, Cell& c) { Hex(r.before().digest(), c); }},
                  {"after_sha256", [](const R& r, Cell& c) { Hex(r.after().digest(), c); }},
                  {"is_about_hub", [](const R& r, Cell& c) { c.Boolean(r.is_about_hub()); }}}));
    AddShift<R>(*made);
    return made;
  }();
  return *columns;
}

template <>
const std::vector<RowMaker<VerdictRecord>::Column>& RowMaker<VerdictRecord>::Columns() {
  using R = VerdictRecord;
  static const auto* const columns = new std::vector<Column>(OfVersion<R>(
      {{"framework", [](const R& r, Cell& c) { c.Text(r.verdict.framework()); }},
       {"answer", [](const R& r, Cell& c) { c.Text(proto::Word(r.verdict.answer())); }},
       {"verdict", [](const R& r, Cell& c) { c.TextIfAny(r.verdict.verdict()); }},
       {"criteria",
        [](const R& r, Cell& c) {
          for (const auto& criterion : r.verdict.criteria()) c.AddText(criterion.criterion());
        }},
       {"answers", [](const R& r, Cell& c) {
          for (const auto& criterion : r.verdict.criteria()) {
            c.AddText(proto::Word(criterion.answer()));
          }
        }}}));
  return *columns;
}

template <>
const std::vector<RowMaker<BaseRecord>::Column>& RowMaker<BaseRecord>::Columns() {
  using R = BaseRecord;
  static const auto* const columns = new std::vector<Column>(OfVersion<R>(
      {{"base_model", [](const R& r, Cell& c) { c.Text(r.base.name()); }},
       {"base_model_relation", [](const R& r, Cell& c) { c.TextIfAny(r.base.relation()); }}}));
  return *columns;
}

template <typename Record>
RowMaker<Record>::RowMaker(const v1::ExportTable& table)
    : row_(static_cast<size_t>(table.columns_size())) {
  for (const v1::ExportColumn& wanted : table.columns()) {
    const auto& known = Columns();
    const auto found = std::find_if(known.begin(), known.end(), [&](const Column& column) {
      return column.name == wanted.name();
    });
    if (found == known.end()) {
      std::fprintf(stderr, "modelwatch: nothing fills column %s of table %s\n",
                   wanted.name().c_str(), table.name().c_str());
      std::abort();
    }
    fills_.push_back(found->fill);
  }
}

template class RowMaker<VersionRecord>;
template class RowMaker<FindingRecord>;
template class RowMaker<TextRecord>;
template class RowMaker<v1::Change>;
template class RowMaker<v1::Assessment>;
template class RowMaker<v1::Alert>;
template class RowMaker<VerdictRecord>;
template class RowMaker<BaseRecord>;

}  // namespace modelwatch::indexer
