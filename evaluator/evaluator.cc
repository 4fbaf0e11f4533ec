// SPDX-License-Identifier: Apache-2.0
#include "evaluator/evaluator.h"

#include <utility>

namespace modelwatch::evaluator {

struct Evaluator::State {
  EvaluatorOptions options;
  std::string evaluator_version;
};

Evaluator::Evaluator(EvaluatorOptions options, indexer::Index&, const Corpus*, common::Metrics&,
                     Sink*, const common::Clock&)
    : state_(std::make_unique<State>(State{std::move(options), ""})) {}
Evaluator::~Evaluator() = default;

absl::Status Evaluator::Run(const common::Stopper&) {
  return absl::UnimplementedError("the evaluator is not here yet");
}
absl::Status Evaluator::RunOnce(const common::Stopper&) {
  return absl::UnimplementedError("the evaluator is not here yet");
}
const std::string& Evaluator::evaluator_version() const { return state_->evaluator_version; }

}  // namespace modelwatch::evaluator
