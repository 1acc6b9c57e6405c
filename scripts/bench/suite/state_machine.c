/* state_machine: the small change of embedded programs: numbers are scanned by a machine of states,
 * a linked list is sorted and searched, small matrices of 16-bit numbers are multiplied, and a
 * CRC-16 is taken of it all; short loops and branches on little data. */
#include "suite.h"

SUITE_EXPECTED(0x325158ebu);
SUITE_QUICK_EXPECTED(0xf8c81d59u);

#ifdef SUITE_QUICK
#define ROUNDS 700
#else
#define ROUNDS 3500
#endif

/* ---- CRC-16 (CCITT's polynomial), a bit at a time: no room for a table ---- */

static uint32_t crc;

static void add_to_crc(uint32_t value, int bits)
{
    for (int i = 0; i < bits; i++, value >>= 1) {
        uint32_t odd = (crc ^ value) & 1;
        crc = crc >> 1 ^ (odd ? 0x8408u : 0);
    }
}

/* ---- Numbers: 12  -7  +3.25  1.5e-3  0x1f ---- */

enum state {
    START,
    SIGN,
    ZERO,
    WHOLE,
    POINT,
    FRACTION,
    E,
    E_SIGN,
    EXPONENT,
    X,
    HEX,
    WRONG,
    STATES
};

static char text[4096];
static uint32_t size, ended[STATES], passed[STATES];

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static enum state step(enum state state, char c)
{
    switch (state) {
    case START:
        if (c == '+' || c == '-')
            return SIGN;
        /* fall through */
    case SIGN:
        return c == '0' ? ZERO : is_digit(c) ? WHOLE : c == '.' ? POINT : WRONG;
    case ZERO:
        if (c == 'x')
            return X;
        /* fall through */
    case WHOLE:
        return is_digit(c) ? WHOLE : c == '.' ? FRACTION : c == 'e' ? E : WRONG;
    case POINT:
        return is_digit(c) ? FRACTION : WRONG;
    case FRACTION:
        return is_digit(c) ? FRACTION : c == 'e' ? E : WRONG;
    case E:
        if (c == '+' || c == '-')
            return E_SIGN;
        /* fall through */
    case E_SIGN:
    case EXPONENT:
        return is_digit(c) ? EXPONENT : WRONG;
    case X:
    case HEX:
        return is_digit(c) || (c >= 'a' && c <= 'f') ? HEX : WRONG;
    default:
        return WRONG;
    }
}

static void scan(void)
{
    enum state state = START;
    for (uint32_t i = 0; i < size; i++) {
        if (text[i] == ',') {
            ended[state]++;
            state = START;
        } else {
            state = step(state, text[i]);
            passed[state]++;
        }
    }
}

/* Most of them well formed, as the patterns say: d a digit, h a hexadecimal one. */
static void write_numbers(void)
{
    static const char *const patterns[] = {"d",      "-dd", "+dd.dd",  "0xhhhh",
                                           "dddddd", ".dd", "d.dde-d", "0.ded",
                                           "0xdgh",  "d-d", "-",       "dde+dd"};
    size = 0;
    while (size < sizeof text - 16) {
        for (const char *c = patterns[suite_random() % 12]; *c != '\0'; c++)
            text[size++] = *c == 'd'   ? (char)('0' + suite_random() % 10)
                           : *c == 'h' ? "0123456789abcdef"[suite_random() % 16]
                                       : *c;
        text[size++] = ',';
    }
}

/* ---- A list ---- */

struct node {
    struct node *next;
    int16_t value, place;
};

static struct node nodes[256];

static struct node *merge(struct node *a, struct node *b, int by_place)
{
    struct node *first = NULL, **last = &first;
    while (a != NULL && b != NULL) {
        int take_b = by_place ? b->place < a->place : b->value < a->value;
        struct node *taken = take_b ? b : a;
        if (take_b)
            b = b->next;
        else
            a = a->next;
        *last = taken;
        last = &taken->next;
    }
    *last = a != NULL ? a : b;
    return first;
}

static struct node *sort(struct node *list, int by_place)
{
    struct node *slow = list, *fast = list->next;
    if (fast == NULL)
        return list;
    for (; fast != NULL && fast->next != NULL; fast = fast->next->next)
        slow = slow->next;
    struct node *rest = slow->next;
    slow->next = NULL;
    return merge(sort(list, by_place), sort(rest, by_place), by_place);
}

static struct node *reverse(struct node *list)
{
    struct node *reversed = NULL;
    while (list != NULL) {
        struct node *next = list->next;
        list->next = reversed;
        reversed = list;
        list = next;
    }
    return reversed;
}

static void use_list(uint32_t round)
{
    for (int i = 0; i < 256; i++) {
        nodes[i].next = i < 255 ? &nodes[i + 1] : NULL;
        nodes[i].value = (int16_t)(suite_random() % 500);
        nodes[i].place = (int16_t)i;
    }
    struct node *list = reverse(sort(nodes, 0));
    for (int wanted = (int)(round % 50); wanted < 500; wanted += 50) {
        struct node *node = list;
        while (node != NULL && node->value != wanted)
            node = node->next;
        add_to_crc(node != NULL ? (uint32_t)node->place : 0xffff, 16);
    }
    list = sort(list, 1);
    for (struct node *node = list; node != NULL; node = node->next)
        add_to_crc((uint32_t)node->value, 8);
}

/* ---- Matrices ---- */

#define N 12

static int16_t left[N][N], right[N][N];
static int32_t product[N][N];

static void multiply(void)
{
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            left[i][j] = (int16_t)(suite_random() % 2001) - 1000;
            right[i][j] = (int16_t)(left[i][j] + i - j);
        }
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            int32_t sum = 0;
            for (int k = 0; k < N; k++)
                sum += left[i][k] * right[k][j];
            product[i][j] = sum;
        }
    for (int i = 0; i < N; i++)
        add_to_crc((uint32_t)product[i][N - 1 - i] >> 4, 16);
}

uint32_t bench(void)
{
    uint32_t sum = 0;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        crc = 0xffff;
        write_numbers();
        scan();
        use_list(round);
        multiply();
        for (int i = 0; i < STATES; i++)
            add_to_crc(ended[i] ^ passed[i], 16);
        sum = sum * 31 + crc;
    }
    return sum;
}
