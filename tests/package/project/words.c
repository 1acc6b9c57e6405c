#include "words.h"
const char *const words = GREETING;
