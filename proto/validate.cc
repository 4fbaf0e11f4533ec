// SPDX-License-Identifier: Apache-2.0
#include "proto/validate.h"
