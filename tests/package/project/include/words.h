#define GREETING "hello\n"
extern const char *const words;
