/* Where a body pays: see fuel.h. */
#include "fuel.h"

#include <stdlib.h>

#include "alloc.h"

enum opcode_number {
    OP_UNREACHABLE = 0x00,
    OP_BLOCK = 0x02,
    OP_LOOP,
    OP_IF,
    OP_ELSE,
    OP_TRY,
    OP_CATCH,
    OP_THROW,
    OP_RETHROW,
    OP_THROW_REF,
    OP_END,
    OP_BR,
    OP_BR_IF,
    OP_BR_TABLE,
    OP_RETURN,
    OP_CALL,
    OP_CALL_INDIRECT,
    OP_RETURN_CALL,
    OP_RETURN_CALL_INDIRECT,
    OP_CALL_REF,
    OP_RETURN_CALL_REF,
    OP_DELEGATE = 0x18,
    OP_CATCH_ALL,
    OP_TRY_TABLE = 0x1f,
    OP_BR_ON_NULL = 0xd5,
    OP_BR_ON_NON_NULL,
    OP_BULK = 0xfc,
};

/* Behind OP_BULK. */
enum {
    MEMORY_INIT = 8,
    MEMORY_COPY = 10,
    MEMORY_FILL,
    TABLE_INIT,
    TABLE_COPY = 14,
    TABLE_GROW,
    TABLE_FILL = 17
};

/* What one unit of a bulk operation's length is: 64 bytes, 8 elements. */
enum { BYTES_SHIFT = 6, ELEMENTS_SHIFT = 3 };

/* An open block; the lowest is the body. */
struct fuel_frame {
    uint32_t piece;     /* that it begins in */
    uint32_t outermost; /* the lowest frame that something within goes to */
    uint8_t kind;       /* its opcode */
    bool dead;          /* it is never entered */
    bool ends;          /* its end is reached: by a branch, or from an arm before the last */
    bool has_else;
    bool calls, dispatches; /* something within does, by a br_table */
    uint32_t arms[2];       /* the pieces that the arms of an if begin with; [0]: a loop, too */
    uint32_t jumps;         /* of a loop: the unconditional ones back to its head, 0: none; */
    bool is_conditional;    /* and whether there are others */
};

/* An unconditional jump to the head of a loop, from the end of a piece. Number 0 is none. */
struct fuel_jump {
    uint32_t piece, next;
};

/* One body being planned. */
struct planning {
    struct fuel_plan *plan;
    uint32_t depth; /* frames open */
    uint32_t piece; /* that what comes next belongs to */
    bool live;      /* what comes next can be reached */
    bool calls, catches, has_tight_loop;
    uint32_t tries; /* open */
};

static struct fuel_frame *top(const struct planning *p)
{
    return &p->plan->frames[p->depth - 1];
}

static void add_point(struct planning *p, const uint8_t *at, enum fuel_kind kind, uint64_t number)
{
    struct fuel_plan *plan = p->plan;

    if (plan->point_count == plan->point_room) {
        plan->point_room = plan->point_room * 2 + 64;
        plan->points = alloc_resize(plan->points, plan->point_room * sizeof *plan->points);
    }
    plan->points[plan->point_count++] =
        (struct fuel_point){(uint32_t)(at - plan->module->bytes), kind, number};
}

static uint32_t begin_piece(struct planning *p, const uint8_t *at, enum fuel_kind kind)
{
    p->piece = p->plan->point_count;
    add_point(p, at, kind, 0);
    return p->piece;
}

static void open_frame(struct planning *p, uint8_t kind)
{
    struct fuel_plan *plan = p->plan;

    if (p->depth == plan->frame_room) {
        plan->frame_room = plan->frame_room * 2 + 64;
        plan->frames = alloc_resize(plan->frames, plan->frame_room * sizeof *plan->frames);
    }
    plan->frames[p->depth] = (struct fuel_frame){
        .piece = p->piece, .outermost = p->depth, .kind = kind, .dead = !p->live};
    p->depth++;
    p->tries += kind == OP_TRY || kind == OP_TRY_TABLE;
}

/* Something may leave for frame `target`. */
static void leave_for(struct planning *p, uint32_t target)
{
    if (target < top(p)->outermost)
        top(p)->outermost = target;
}

static struct fuel_frame *branch(struct planning *p, uint32_t label)
{
    uint32_t target = label < p->depth ? p->depth - 1 - label : 0;

    p->plan->frames[target].ends = true;
    leave_for(p, target);
    return &p->plan->frames[target];
}

static void branch_perhaps(struct planning *p, uint32_t label)
{
    branch(p, label)->is_conditional = true;
}

/* Where each way to a loop's head ends a piece, or is the one into the loop, these pay for it: one
 * payment less each time round. The head only looks at what is left. Not where it leads to a
 * br_table: an interpreter's loop takes half as long again then, since gcc gives fewer cases a
 * dispatch of their own. */
static void move_head_out(struct planning *p, const struct fuel_frame *frame)
{
    struct fuel_point *points = p->plan->points;
    const struct fuel_jump *jumps = p->plan->jumps;
    uint32_t head = frame->arms[0];
    uint64_t cost = points[head].number;

    if (frame->is_conditional || frame->dispatches)
        return;
    for (uint32_t i = frame->jumps; i != 0; i = jumps[i].next)
        if (jumps[i].piece == head)
            return;
    for (uint32_t i = frame->jumps; i != 0; i = jumps[i].next)
        points[jumps[i].piece].number += cost;
    points[frame->piece].number += cost;
    points[head].number = 0;
}

/* What both arms of an if cost is paid before it. */
static void move_arms_out(struct planning *p, const struct fuel_frame *frame)
{
    struct fuel_point *points = p->plan->points;
    uint64_t a = points[frame->arms[0]].number, b = points[frame->arms[1]].number;
    uint64_t both = a < b ? a : b;

    points[frame->piece].number += both;
    points[frame->arms[0]].number -= both;
    points[frame->arms[1]].number -= both;
}

static void add_jump(struct planning *p, struct fuel_frame *loop)
{
    struct fuel_plan *plan = p->plan;

    if (plan->jump_count + 1 >= plan->jump_room) {
        plan->jump_room = plan->jump_room * 2 + 64;
        plan->jumps = alloc_resize(plan->jumps, plan->jump_room * sizeof *plan->jumps);
    }
    plan->jumps[++plan->jump_count] = (struct fuel_jump){p->piece, loop->jumps};
    loop->jumps = plan->jump_count;
}

/* A piece goes on behind a block that nothing left for further out: whoever entered it gets there.
 */
static void close_frame(struct planning *p, const uint8_t *after)
{
    struct fuel_frame frame = *top(p);
    uint32_t index = --p->depth;

    p->tries -= frame.kind == OP_TRY || frame.kind == OP_TRY_TABLE;
    if (frame.kind == OP_LOOP && !frame.dead && !frame.calls)
        p->has_tight_loop = true;
    if (frame.kind == OP_LOOP && !frame.dead)
        move_head_out(p, &frame);
    if (frame.kind == OP_IF && frame.has_else && !frame.dead)
        move_arms_out(p, &frame);
    if (frame.kind == OP_LOOP)
        frame.ends = false; /* branches go to its head */
    if (frame.kind == OP_IF && !frame.has_else)
        frame.ends = true;
    p->live = !frame.dead && (p->live || frame.ends);
    if (index == 0)
        return;
    top(p)->calls |= frame.calls;
    top(p)->dispatches |= frame.dispatches;
    leave_for(p, frame.outermost);
    if (p->live && frame.outermost < index)
        begin_piece(p, after, FUEL_PIECE);
    else
        p->piece = frame.piece;
}

/* else, catch: another arm of the block. */
static void turn_frame(struct planning *p, const uint8_t *after)
{
    struct fuel_frame *frame = top(p);

    frame->ends |= p->live;
    frame->has_else = true;
    p->live = !frame->dead;
    if (p->live)
        frame->arms[1] = begin_piece(p, after, FUEL_PIECE);
}

/* The clauses' labels count from outside. */
static void open_try_table(struct planning *p, const uint8_t *at, const uint8_t *after)
{
    struct reader r = {.base = at, .at = at + 1, .end = after, .function = UINT32_MAX};
    uint32_t count;

    open_frame(p, OP_TRY_TABLE);
    if (!p->live)
        return;
    reader_skip_signed(&r, 64);
    count = reader_u32(&r);
    for (uint32_t i = 0; i < count && r.at < r.end; i++) {
        if (*r.at++ < 2)
            reader_u32(&r);
        branch_perhaps(p, reader_u32(&r) + 1);
    }
}

/* Whoever catches what a call throws goes on in another piece. */
static void visit_call(struct planning *p, const uint8_t *at, const uint8_t *after)
{
    p->calls = top(p)->calls = true;
    add_point(p, at, FUEL_CALL, 0);
    add_point(p, after, FUEL_CALLED, 0);
    if (p->tries > 0) {
        leave_for(p, 0);
        begin_piece(p, after, FUEL_PIECE);
    }
}

static bool is_64(const struct module_limits *all, uint32_t count, uint32_t index)
{
    return index < count && all[index].is64;
}

static void visit_bulk(struct planning *p, const uint8_t *at, const uint8_t *after)
{
    const struct module *module = p->plan->module;
    struct reader r = {.base = at, .at = at + 1, .end = after, .function = UINT32_MAX};
    uint32_t code = reader_u32(&r), first, second;
    bool of_table = code >= TABLE_INIT, wide;

    if ((code < MEMORY_INIT || code > TABLE_GROW || code == 9 || code == 13) && code != TABLE_FILL)
        return;
    first = second = reader_u32(&r);
    if (code == MEMORY_COPY || code == TABLE_COPY)
        second = reader_u32(&r);
    wide = code != MEMORY_INIT && code != TABLE_INIT &&
           (of_table ? is_64(module->tables, module->table_counts.total, first) &&
                           is_64(module->tables, module->table_counts.total, second)
                     : is_64(module->memories, module->memory_counts.total, first) &&
                           is_64(module->memories, module->memory_counts.total, second));
    add_point(p, at, wide ? FUEL_BULK64 : FUEL_BULK, of_table ? ELEMENTS_SHIFT : BYTES_SHIFT);
}

/* Instructions that go somewhere else. */
static void visit_branch(struct planning *p, const uint8_t *at, const uint8_t *after)
{
    struct reader r = {.base = at, .at = at + 1, .end = after, .function = UINT32_MAX};
    uint32_t labels;

    switch (*at) {
    case OP_BR_TABLE:
        labels = reader_u32(&r);
        top(p)->dispatches = true;
        for (uint64_t i = 0; i <= labels && r.at < r.end; i++)
            branch_perhaps(p, reader_u32(&r));
        p->live = false;
        break;
    case OP_BR:
        add_jump(p, branch(p, reader_u32(&r)));
        p->live = false;
        break;
    case OP_BR_IF:
    case OP_BR_ON_NULL:
    case OP_BR_ON_NON_NULL:
        branch_perhaps(p, reader_u32(&r));
        begin_piece(p, after, FUEL_PIECE);
        break;
    case OP_RETURN:
        add_point(p, at, FUEL_RETURN, p->depth - 1);
        leave_for(p, 0);
        p->live = false;
        break;
    case OP_RETURN_CALL:
    case OP_RETURN_CALL_INDIRECT:
    case OP_RETURN_CALL_REF:
        visit_call(p, at, after);
        leave_for(p, 0);
        p->live = false;
        break;
    case OP_UNREACHABLE: /* a trap: nobody gets anywhere */
        p->live = false;
        break;
    default: /* what throws */
        p->catches = true;
        leave_for(p, 0);
        p->live = false;
        break;
    }
}

/* Instructions that open, turn or close blocks; they cost nothing but for `if`. */
static bool visit_structure(struct planning *p, const uint8_t *at, const uint8_t *after)
{
    switch (*at) {
    case OP_TRY_TABLE:
        p->catches = true;
        open_try_table(p, at, after);
        return true;
    case OP_TRY:
        p->catches = true;
        open_frame(p, *at);
        return true;
    case OP_BLOCK:
        open_frame(p, *at);
        return true;
    case OP_LOOP:
        open_frame(p, *at);
        if (p->live)
            top(p)->arms[0] = begin_piece(p, after, FUEL_CHECK);
        return true;
    case OP_IF:
        p->plan->points[p->piece].number += p->live;
        open_frame(p, *at);
        if (p->live)
            top(p)->arms[0] = begin_piece(p, after, FUEL_PIECE);
        return true;
    case OP_ELSE:
    case OP_CATCH:
    case OP_CATCH_ALL:
        turn_frame(p, after);
        return true;
    case OP_DELEGATE:
    case OP_END:
        close_frame(p, after);
        return true;
    default:
        return false;
    }
}

static void visit(void *planning, const uint8_t *at, const uint8_t *after)
{
    struct planning *p = planning;

    if (visit_structure(p, at, after) || !p->live)
        return;
    p->plan->points[p->piece].number++;
    switch (*at) {
    case OP_UNREACHABLE:
    case OP_THROW:
    case OP_RETHROW:
    case OP_THROW_REF:
    case OP_BR:
    case OP_BR_IF:
    case OP_BR_TABLE:
    case OP_BR_ON_NULL:
    case OP_BR_ON_NON_NULL:
    case OP_RETURN:
    case OP_RETURN_CALL:
    case OP_RETURN_CALL_INDIRECT:
    case OP_RETURN_CALL_REF:
        visit_branch(p, at, after);
        break;
    case OP_CALL:
    case OP_CALL_INDIRECT:
    case OP_CALL_REF:
        visit_call(p, at, after);
        break;
    case OP_BULK:
        visit_bulk(p, at, after);
        break;
    default:
        break;
    }
}

void fuel_plan(struct fuel_plan *plan, struct reading *g, uint32_t function)
{
    const struct module *module = g->module;
    const struct module_functype *type = &module->types[module->function_types[function]];
    const uint8_t *section_end = g->r.end;
    struct planning p = {.plan = plan, .live = true};
    uint32_t size = reader_u32(&g->r);

    g->r.end = g->r.at + size;
    plan->module = module;
    plan->point_count = plan->jump_count = 0;
    plan->local = read_locals(g, type);
    plan->code = (uint32_t)(g->r.at - module->bytes);
    begin_piece(&p, g->r.at, FUEL_PIECE);
    open_frame(&p, OP_BLOCK);
    walk_expression(g, plan->local, visit, &p);
    plan->end = (uint32_t)(g->r.at - module->bytes);
    g->r.end = section_end;
    if (p.calls)
        plan->points[0].kind = FUEL_CHECK;
    plan->cached = p.has_tight_loop && !p.catches && plan->local < LIMIT_LOCALS &&
                   type->result_count <= 1 && type->params &&
                   !(module->features & (FEATURE(FUNCTION_REFERENCES) | FEATURE(GC)));
    plan->block = plan->cached && type->result_count == 1 ? type->results[0] : TYPE_EMPTY_BLOCK;
}

void fuel_plan_release(struct fuel_plan *plan)
{
    free(plan->points);
    free(plan->frames);
    free(plan->jumps);
}
