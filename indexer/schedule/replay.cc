// SPDX-License-Identifier: Apache-2.0
#include "indexer/schedule/replay.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <functional>
#include <queue>
#include <utility>

#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "indexer/schedule/dice.h"
#include "indexer/schedule/replay_score.h"

namespace modelwatch::indexer {
namespace {

constexpr double kMaxRequests = 2e8;  // a replay of more takes minutes
constexpr double kHoursPerDay = 24;
// Signals may not eat the whole budget: residual visits are the only ones that find what the
// listing hides. What is shown beyond it waits.
constexpr double kResidualShare = 0.05;

absl::Status Check(const Trace& trace, const ReplayOptions& options) {
  const double poll_days = absl::FDivDuration(options.poll_interval, absl::Hours(kHoursPerDay));
  if (trace.releases.empty() || !(trace.days > 0)) {
    return absl::InvalidArgumentError("replay: the trace is empty");
  }
  if (!(options.requests_per_day > 0) || !(options.warm_up_days >= 0) ||
      !(options.warm_up_days < trace.days) || !(options.shown >= 0 && options.shown <= 1) ||
      options.poll_interval < absl::Seconds(1) || !(options.rows_per_page >= 1)) {
    return absl::InvalidArgumentError(
        "replay: needs a budget above 0, a warm-up shorter than the trace, a shown part between 0 "
        "and 1, polls at least a second apart and at least one row a page");
  }
  if (!((options.requests_per_day + 1 / poll_days) * trace.days <= kMaxRequests)) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "replay: %.3g requests a day over %.3g days are more than the %.0g that a replay goes "
        "through",
        options.requests_per_day, trace.days, kMaxRequests));
  }
  return absl::OkStatus();
}

std::vector<Subject> SubjectsOf(const Trace& trace) {
  std::vector<Subject> subjects;
  subjects.reserve(trace.releases.size());
  for (const TracedRelease& release : trace.releases) subjects.push_back(release.subject);
  return subjects;
}

absl::StatusOr<Score> ReplayPeriodic(const Trace& trace, Law law, const ReplayOptions& options) {
  const std::vector<Subject> subjects = SubjectsOf(trace);
  ASSIGN_OR_RETURN(const std::vector<double> visits_per_day,
                   VisitsPerDay(law, subjects, options.requests_per_day));
  ReplayMeter meter(trace, options.warm_up_days);
  Dice dice(options.seed);
  for (size_t i = 0; i < subjects.size(); ++i) {
    const double phase = dice.Uniform();
    if (visits_per_day[i] <= 0) continue;
    const double every = 1 / visits_per_day[i];
    double day = trace.releases[i].born_day + phase * every;
    for (; day < trace.days; day += every) meter.Visit(i, day);
    if (meter.HasUnseen(i)) meter.Visit(i, day);
  }
  Score score = meter.Finish();
  score.expected_freshness = ExpectedFreshness(subjects, visits_per_day);
  const double delay = ExpectedDelayDays(subjects, visits_per_day, false);
  if (!std::isfinite(delay)) return score;
  score.expected_delay_hours = kHoursPerDay * delay;
  score.expected_weighted_delay_hours =
      kHoursPerDay * ExpectedDelayDays(subjects, visits_per_day, true);
  return score;
}

// Visits by estimated rates, in the order in which they are due. What the frontier does with its
// due index, in memory.
class LearnedVisits {
 public:
  // `trace`, `dice` and `meter` must outlive this. The first visits are spread at `visits_per_day`.
  // `is_watched`: a listing tells of changes at once, so that the whole time counts as watched.
  LearnedVisits(const Trace& trace, const RatePrior& prior, double visits_per_day, bool is_watched,
                Dice& dice, ReplayMeter& meter)
      : trace_(trace), prior_(prior), is_watched_(is_watched), meter_(meter) {
    const double root = Root({ChangeRate(RateEvidence(), prior_), 1});
    states_.resize(trace.releases.size());
    for (size_t i = 0; i < states_.size(); ++i) {
      states_[i].root = root * std::sqrt(trace.releases[i].subject.weight);
      sum_of_roots_ += states_[i].root;
    }
    for (size_t i = 0; i < states_.size(); ++i) {
      states_[i].last_day = trace.releases[i].born_day;
      Schedule(i, states_[i].last_day + dice.Uniform() * IntervalDays(i, visits_per_day));
    }
  }

  // Visits what is due before `day`.
  void RunUntil(double day, double visits_per_day) {
    while (!queue_.empty() && queue_.top().first < day) {
      const auto [due, release] = queue_.top();
      queue_.pop();
      if (due == states_[release].due_day) Visit(release, due, visits_per_day);
    }
  }

  void Visit(size_t release, double day, double visits_per_day) {
    State& state = states_[release];
    const ReplayMeter::Found found = meter_.Visit(release, day);
    const double days = day - state.last_day;
    state.evidence = Aged(state.evidence, days);
    if (is_watched_) {
      state.evidence = WithoutChange(state.evidence, days);
      if (found.changes > 0) state.evidence = WithChange(state.evidence, 0);
    } else {
      state.evidence = found.changes > 0 ? WithChange(state.evidence, day - found.newest_day)
                                         : WithoutChange(state.evidence, days);
    }
    state.last_day = day;
    const double root =
        Root({ChangeRate(state.evidence, prior_), trace_.releases[release].subject.weight});
    sum_of_roots_ += root - state.root;
    state.root = root;
    Schedule(release, day + IntervalDays(release, visits_per_day));
  }

 private:
  struct State {
    RateEvidence evidence;
    double root = 0;
    double last_day = 0;
    double due_day = 0;
  };
  using Due = std::pair<double, size_t>;

  [[nodiscard]] double IntervalDays(size_t release, double visits_per_day) const {
    return absl::FDivDuration(
        SquareRootInterval(states_[release].root, sum_of_roots_, visits_per_day),
        absl::Hours(kHoursPerDay));
  }

  void Schedule(size_t release, double day) {
    states_[release].due_day = day;
    if (day < trace_.days) queue_.emplace(day, release);
  }

  const Trace& trace_;
  const RatePrior prior_;
  const bool is_watched_;
  ReplayMeter& meter_;
  std::vector<State> states_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> queue_;
  double sum_of_roots_ = 0;
};

Score ReplayLearned(const Trace& trace, const ReplayOptions& options) {
  ReplayMeter meter(trace, options.warm_up_days);
  Dice dice(options.seed);
  LearnedVisits visits(trace, options.prior, options.requests_per_day, false, dice, meter);
  visits.RunUntil(trace.days, options.requests_per_day);
  return meter.Finish();
}

// The changes that the listing shows, in order of time.
std::vector<std::pair<double, size_t>> ShownChanges(const Trace& trace, double shown, Dice& dice) {
  std::vector<std::pair<double, size_t>> changes;
  for (size_t i = 0; i < trace.releases.size(); ++i) {
    for (const double day : trace.releases[i].change_days) {
      if (dice.Uniform() < shown) changes.emplace_back(day, i);
    }
  }
  std::sort(changes.begin(), changes.end());
  return changes;
}

// Releases that the listing showed and nobody visited yet, each once, first shown first.
class Waiting {
 public:
  explicit Waiting(size_t releases) : is_waiting_(releases) {}

  void Add(size_t release) {
    if (!is_waiting_[release]) queue_.push_back(release);
    is_waiting_[release] = true;
  }
  size_t Take() {
    const size_t release = queue_.front();
    queue_.pop_front();
    is_waiting_[release] = false;
    return release;
  }
  [[nodiscard]] bool empty() const { return queue_.empty(); }

 private:
  std::deque<size_t> queue_;
  std::vector<bool> is_waiting_;
};

Score ReplaySignals(const Trace& trace, const ReplayOptions& options) {
  ReplayMeter meter(trace, options.warm_up_days);
  Dice dice(options.seed);
  const auto changes = ShownChanges(trace, options.shown, dice);
  Waiting waiting(trace.releases.size());
  const double every = absl::FDivDuration(options.poll_interval, absl::Hours(kHoursPerDay));
  const double most = (1 - kResidualShare) * options.requests_per_day;
  const double least = kResidualShare * options.requests_per_day;
  // What polls and signals take, averaged over about a day.
  double per_day = std::min(most, 1 / every + options.shown * trace.changes_per_day());
  LearnedVisits visits(trace, options.prior, std::max(least, options.requests_per_day - per_day),
                       true, dice, meter);
  double allowance = 0;  // what is not used within an hour is lost
  size_t next = 0;
  for (size_t poll = 1; static_cast<double>(poll - 1) * every < trace.days; ++poll) {
    const double day = static_cast<double>(poll) * every;
    const double residual = std::max(least, options.requests_per_day - per_day);
    visits.RunUntil(std::min(day, trace.days), residual);
    double rows = 0;
    for (; next < changes.size() && changes[next].first <= day; ++next, ++rows) {
      waiting.Add(changes[next].second);
    }
    const double pages = std::max(1.0, std::ceil(rows / options.rows_per_page));
    meter.Poll(static_cast<size_t>(pages), day);
    allowance =
        std::min(allowance + most * every, most * std::max(every, 1 / kHoursPerDay)) - pages;
    double spent = pages;
    for (; !waiting.empty() && allowance >= 1; --allowance, ++spent) {
      visits.Visit(waiting.Take(), day, residual);
    }
    per_day += (spent / every - per_day) * std::min(1.0, every);
  }
  return meter.Finish();
}

}  // namespace

std::string_view Word(Policy policy) {
  switch (policy) {
    case Policy::kUniform:
      return Word(Law::kUniform);
    case Policy::kProportional:
      return Word(Law::kProportional);
    case Policy::kFreshnessOptimal:
      return Word(Law::kFreshnessOptimal);
    case Policy::kSquareRoot:
      return Word(Law::kSquareRoot);
    case Policy::kSquareRootLearned:
      return "square-root-learned";
    default:
      return "signals";
  }
}

std::optional<Policy> ParsePolicy(std::string_view word) {
  for (const Policy policy : kPolicies) {
    if (Word(policy) == word) return policy;
  }
  return std::nullopt;
}

absl::StatusOr<Score> Replay(const Trace& trace, Policy policy, const ReplayOptions& options) {
  RETURN_IF_ERROR(Check(trace, options));
  switch (policy) {
    case Policy::kUniform:
      return ReplayPeriodic(trace, Law::kUniform, options);
    case Policy::kProportional:
      return ReplayPeriodic(trace, Law::kProportional, options);
    case Policy::kFreshnessOptimal:
      return ReplayPeriodic(trace, Law::kFreshnessOptimal, options);
    case Policy::kSquareRoot:
      return ReplayPeriodic(trace, Law::kSquareRoot, options);
    case Policy::kSquareRootLearned:
      return ReplayLearned(trace, options);
    default:
      return ReplaySignals(trace, options);
  }
}

}  // namespace modelwatch::indexer
