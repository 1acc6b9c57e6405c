/* interpreter: a register machine that runs a sieve, a recursive function and a search for long
 * Collatz sequences; a switch in a loop, with an unpredictable indirect jump each step. */
#include "suite.h"

SUITE_EXPECTED(0x5ec04abcu);
SUITE_QUICK_EXPECTED(0x1c116587u);

#ifdef SUITE_QUICK
#define ROUNDS 5
#else
#define ROUNDS 25
#endif

#define MEMORY 65536u

/* a, b, c name registers, `value` is a number, a label or, after assemble(), a place in the code.
 */
enum operation {
    LABEL,      /* of the number value */
    SET,        /* a = value */
    MOVE,       /* a = b */
    ADD,        /* a = b + c */
    ADD_VALUE,  /* a = b + value */
    MULTIPLY,   /* a = b * c */
    SHIFT,      /* a = b >> value */
    AND_VALUE,  /* a = b & value */
    LOAD,       /* a = memory[b] */
    STORE,      /* memory[b] = a */
    JUMP,       /* to value */
    JUMP_LESS,  /* to value if a < b */
    JUMP_EQUAL, /* to value if a == b */
    CALL,       /* value; its register 0 is this one's register a, and where the result will be */
    RETURN,
};

struct instruction {
    uint8_t operation, a, b, c;
    int32_t value;
};

/* ---- Programs: each is a function of register 0 ---- */

enum label {
    SIEVE,
    CLEAR,
    NEXT,
    MARK,
    PRIME_END,
    FIB,
    FIB_END,
    COLLATZ,
    NUMBER,
    STEP,
    ODD,
    STEPS_END,
    COLLATZ_END,
    LABELS,
};

static const struct instruction program[] = {
    /* How many primes are less than r0? */
    {LABEL, 0, 0, 0, SIEVE},
    {SET, 1, 0, 0, 0},
    {SET, 2, 0, 0, 0},
    {LABEL, 0, 0, 0, CLEAR},
    {STORE, 2, 1, 0, 0},
    {ADD_VALUE, 1, 1, 0, 1},
    {JUMP_LESS, 1, 0, 0, CLEAR},
    {SET, 1, 0, 0, 1}, /* r1 goes through the numbers, r2 counts, r3 is 0, r4 is 1 */
    {SET, 3, 0, 0, 0},
    {SET, 4, 0, 0, 1},
    {LABEL, 0, 0, 0, NEXT},
    {ADD_VALUE, 1, 1, 0, 1},
    {JUMP_EQUAL, 1, 0, 0, PRIME_END},
    {LOAD, 5, 1, 0, 0},
    {JUMP_EQUAL, 5, 4, 0, NEXT},
    {ADD_VALUE, 2, 2, 0, 1},
    {MOVE, 6, 1, 0, 0},
    {LABEL, 0, 0, 0, MARK},
    {STORE, 4, 6, 0, 0},
    {ADD, 6, 6, 1, 0},
    {JUMP_LESS, 6, 0, 0, MARK},
    {JUMP, 0, 0, 0, NEXT},
    {LABEL, 0, 0, 0, PRIME_END},
    {MOVE, 0, 2, 0, 0},
    {RETURN, 0, 0, 0, 0},

    /* Fibonacci's number r0. */
    {LABEL, 0, 0, 0, FIB},
    {SET, 1, 0, 0, 2},
    {JUMP_LESS, 0, 1, 0, FIB_END},
    {ADD_VALUE, 2, 0, 0, -1},
    {CALL, 2, 0, 0, FIB},
    {ADD_VALUE, 3, 0, 0, -2},
    {CALL, 3, 0, 0, FIB},
    {ADD, 0, 2, 3, 0},
    {LABEL, 0, 0, 0, FIB_END},
    {RETURN, 0, 0, 0, 0},

    /* The most steps that a number less than r0 takes to 1: r1 the number, r2 the most, r3 where
     * the walk is, r4 its steps, r5 is 1, r6 is 3. */
    {LABEL, 0, 0, 0, COLLATZ},
    {SET, 1, 0, 0, 1},
    {SET, 2, 0, 0, 0},
    {SET, 5, 0, 0, 1},
    {SET, 6, 0, 0, 3},
    {LABEL, 0, 0, 0, NUMBER},
    {JUMP_EQUAL, 1, 0, 0, COLLATZ_END},
    {MOVE, 3, 1, 0, 0},
    {SET, 4, 0, 0, 0},
    {LABEL, 0, 0, 0, STEP},
    {JUMP_EQUAL, 3, 5, 0, STEPS_END},
    {ADD_VALUE, 4, 4, 0, 1},
    {AND_VALUE, 7, 3, 0, 1},
    {JUMP_EQUAL, 7, 5, 0, ODD},
    {SHIFT, 3, 3, 0, 1},
    {JUMP, 0, 0, 0, STEP},
    {LABEL, 0, 0, 0, ODD},
    {MULTIPLY, 3, 3, 6, 0},
    {ADD_VALUE, 3, 3, 0, 1},
    {JUMP, 0, 0, 0, STEP},
    {LABEL, 0, 0, 0, STEPS_END},
    {ADD_VALUE, 1, 1, 0, 1},
    {JUMP_LESS, 4, 2, 0, NUMBER},
    {MOVE, 2, 4, 0, 0},
    {JUMP, 0, 0, 0, NUMBER},
    {LABEL, 0, 0, 0, COLLATZ_END},
    {MOVE, 0, 2, 0, 0},
    {RETURN, 0, 0, 0, 0},
};

#define LENGTH (sizeof program / sizeof *program)

static struct instruction code[LENGTH];
static int32_t labels[LABELS];

/* Takes the labels out and puts places for them. */
static void assemble(void)
{
    int32_t length = 0;
    for (uint32_t i = 0; i < LENGTH; i++)
        if (program[i].operation == LABEL)
            labels[program[i].value] = length;
        else
            code[length++] = program[i];
    for (int32_t i = 0; i < length; i++)
        if (code[i].operation >= JUMP && code[i].operation <= CALL)
            code[i].value = labels[code[i].value];
}

/* ---- The machine ---- */

struct frame {
    const struct instruction *next;
    uint32_t *registers;
};

static uint32_t stack[1024], memory[MEMORY];
static struct frame frames[64];

static uint32_t execute(enum label function, uint32_t argument, uint64_t *steps)
{
    const struct instruction *next = code + labels[function];
    uint32_t *r = stack;
    uint64_t count = 0;
    int depth = 0;

    r[0] = argument;
    for (;; count++) {
        const struct instruction now = *next++;
        switch (now.operation) {
        case SET:
            r[now.a] = (uint32_t)now.value;
            break;
        case MOVE:
            r[now.a] = r[now.b];
            break;
        case ADD:
            r[now.a] = r[now.b] + r[now.c];
            break;
        case ADD_VALUE:
            r[now.a] = r[now.b] + (uint32_t)now.value;
            break;
        case MULTIPLY:
            r[now.a] = r[now.b] * r[now.c];
            break;
        case SHIFT:
            r[now.a] = r[now.b] >> (now.value & 31);
            break;
        case AND_VALUE:
            r[now.a] = r[now.b] & (uint32_t)now.value;
            break;
        case LOAD:
            r[now.a] = memory[r[now.b] % MEMORY];
            break;
        case STORE:
            memory[r[now.b] % MEMORY] = r[now.a];
            break;
        case JUMP_LESS:
            if (r[now.a] >= r[now.b])
                break;
            next = code + now.value;
            break;
        case JUMP_EQUAL:
            if (r[now.a] != r[now.b])
                break;
            next = code + now.value;
            break;
        case JUMP:
            next = code + now.value;
            break;
        case CALL:
            frames[depth].next = next;
            frames[depth++].registers = r;
            r += now.a;
            next = code + now.value;
            break;
        case RETURN:
            if (depth == 0) {
                *steps += count;
                return r[0];
            }
            next = frames[--depth].next;
            r = frames[depth].registers;
            break;
        }
    }
}

uint32_t bench(void)
{
    uint32_t sum = 0;
    uint64_t steps = 0;

    assemble();
    for (uint32_t i = 0; i < ROUNDS; i++) {
        sum = sum * 31 + execute(SIEVE, 60000 + 200 * i, &steps);
        sum = sum * 31 + execute(FIB, 20 + i % 4, &steps);
        sum = sum * 31 + execute(COLLATZ, 5000 + 100 * i, &steps);
    }
    return sum * 31 + (uint32_t)steps;
}
