/* The table of features: see module_features.h. */
#include "module_features.h"

#include <stddef.h>

const struct feature features[FEATURE_COUNT] = {
#define X(id, name, flag, reason, remedy) {name, flag, reason, remedy},
    FEATURES(X)
#undef X
};
