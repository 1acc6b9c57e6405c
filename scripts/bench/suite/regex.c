/* regex: compiles regular expressions to an automaton (Thompson's construction) and runs it over a
 * text, all states at once (Pike's machine); short lists, switches, recursion. */
#include "suite.h"

SUITE_EXPECTED(0x129d781fu);
SUITE_QUICK_EXPECTED(0x349c2af1u);

#ifdef SUITE_QUICK
#define SIZE 300000u
#else
#define SIZE 1500000u
#endif

#define MOST 128 /* instructions of a program */

/* CHAR and ANY and SET take a character; SPLIT goes on at two places, JUMP at one. */
enum kind { CHAR, ANY, SET, SPLIT, JUMP, MATCH };

struct instruction {
    enum kind kind;
    unsigned char c;
    uint32_t set[8]; /* a bit for each character */
    int to, other;
};

static struct instruction program[MOST];
static int length;
static const char *pattern;

static unsigned char text[SIZE];

/* ---- Compiling: alternatives of sequences of repeated atoms ---- */

static int emit(enum kind kind, int to, int other)
{
    program[length].kind = kind;
    program[length].to = to;
    program[length].other = other;
    return length++;
}

/* Makes room for an instruction before what was compiled since `start`. */
static void insert(int start, enum kind kind)
{
    memmove(&program[start + 1], &program[start], (size_t)(length++ - start) * sizeof *program);
    for (int i = start + 1; i < length; i++)
        if (program[i].kind == SPLIT || program[i].kind == JUMP) {
            program[i].to++;
            program[i].other++;
        }
    program[start].kind = kind;
}

static void compile_alternatives(void);

static void compile_set(void)
{
    struct instruction *set = &program[emit(SET, 0, 0)];
    int inverted = *pattern == '^';
    memset(set->set, inverted ? 0xff : 0, sizeof set->set);
    for (pattern += inverted; *pattern != ']'; pattern++) {
        unsigned char first = (unsigned char)*pattern, last = first;
        if (pattern[1] == '-' && pattern[2] != ']')
            last = (unsigned char)*(pattern += 2);
        for (unsigned c = first; c <= last; c++)
            set->set[c / 32] ^= 1u << c % 32;
    }
    pattern++;
}

static void compile_repeated(void)
{
    int start = length;
    char c = *pattern++;
    if (c == '(') {
        compile_alternatives();
        pattern++; /* the ')' */
    } else if (c == '[') {
        compile_set();
    } else if (c == '.') {
        emit(ANY, 0, 0);
    } else {
        program[emit(CHAR, 0, 0)].c = (unsigned char)c;
    }

    c = *pattern;
    if (c == '+') {
        emit(SPLIT, start, length + 1);
    } else if (c == '*' || c == '?') {
        insert(start, SPLIT);
        if (c == '*')
            emit(JUMP, start, 0);
        program[start].to = start + 1;
        program[start].other = length;
    } else {
        return;
    }
    pattern++;
}

static void compile_alternatives(void)
{
    int start = length;
    while (*pattern != '\0' && *pattern != ')' && *pattern != '|')
        compile_repeated();
    if (*pattern != '|')
        return;
    pattern++;
    insert(start, SPLIT);
    int jump = emit(JUMP, 0, 0);
    program[start].to = start + 1;
    program[start].other = length;
    compile_alternatives();
    program[jump].to = length;
}

/* ---- Running ---- */

/* The states that wait for a character; `mark` says of each state when it was last added. */
struct list {
    int count, states[MOST];
};

static struct list lists[2];
static uint32_t mark[MOST], now;

static int add(struct list *list, int state)
{
    if (mark[state] == now)
        return 0;
    mark[state] = now;
    switch (program[state].kind) {
    case JUMP:
        return add(list, program[state].to);
    case SPLIT:
        return add(list, program[state].to) | add(list, program[state].other);
    case MATCH:
        return 1;
    default:
        list->states[list->count++] = state;
        return 0;
    }
}

static int takes(const struct instruction *instruction, unsigned char c)
{
    switch (instruction->kind) {
    case CHAR:
        return instruction->c == c;
    case SET:
        return (int)(instruction->set[c / 32] >> c % 32 & 1);
    default:
        return c != '\n';
    }
}

/* Counts the places of the text where a match ends, wherever it began. */
static uint32_t find_ends(uint32_t *sum)
{
    struct list *here = &lists[0], *next = &lists[1];
    uint32_t found = 0;
    now++;
    here->count = 0;
    add(here, 0);
    for (uint32_t i = 0; i < SIZE; i++) {
        int matched = 0;
        now++;
        next->count = 0;
        for (int j = 0; j < here->count; j++)
            if (takes(&program[here->states[j]], text[i]))
                matched |= add(next, here->states[j] + 1);
        matched |= add(next, 0);
        if (matched) {
            found++;
            *sum = *sum * 31 + i;
        }
        struct list *kept = here;
        here = next;
        next = kept;
    }
    return found;
}

uint32_t bench(void)
{
    static const char *const patterns[] = {"abba",
                                           "[0-9]+-[0-9]+",
                                           "(ab|ba)*c[^a-e ]",
                                           "a.?b.?c.?d",
                                           "([a-e]+ )+12",
                                           "(a|b|(cd|dc)+)*99",
                                           " (..)*(ab|cd)e?\n",
                                           "[a-c]*[^a-c0-9][0-9]*(1|22|333)"};
    uint32_t sum = 0;

    for (uint32_t i = 0; i < SIZE; i++)
        text[i] = (unsigned char)"abcdeabcdeaabbc 0123912-\n"[suite_random() % 25];
    for (uint32_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        pattern = patterns[i];
        length = 0;
        compile_alternatives();
        emit(MATCH, 0, 0);
        uint32_t found = find_ends(&sum);
        sum = sum * 31 + found;
    }
    return sum;
}
