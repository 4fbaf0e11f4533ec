// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/mutation.h"

namespace modelwatch::replay_hub {

const char* MutationWord(const Mutation& mutation) {
  static constexpr const char* kWords[] = {"create",  "push",   "metadata", "gate",   "disable",
                                           "private", "delete", "restore",  "rename", "counts"};
  static_assert(std::size(kWords) == std::variant_size_v<Mutation>);
  return kWords[mutation.index()];
}

}  // namespace modelwatch::replay_hub
