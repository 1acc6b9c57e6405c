#include "mock_stream.h"

#include <criterion/criterion.h>

static const struct mock_step *take_step(struct dagger_stream *stream, enum mock_op op)
{
    struct mock_stream *mock = (struct mock_stream *)stream;
    cr_assert_eq(mock->next->op, op, "call %d came where the script has %d", op, mock->next->op);
    return mock->next++;
}

static int64_t mock_read(struct dagger_stream *stream, void *data, size_t len)
{
    const struct mock_step *step = take_step(stream, MOCK_READ);
    cr_assert_gt(len, 0, "a kind is never asked for nothing");
    if (step->result < 0 || step->lie)
        return step->result;
    size_t count = (size_t)step->result < len ? (size_t)step->result : len;
    memcpy(data, step->data, count);
    return (int64_t)count;
}

static int64_t mock_write(struct dagger_stream *stream, const void *data, size_t len)
{
    struct mock_stream *mock = (struct mock_stream *)stream;
    const struct mock_step *step = take_step(stream, MOCK_WRITE);
    cr_assert_gt(len, 0, "a kind is never given nothing");
    mock->writes++;
    if (step->result < 0 || step->lie)
        return step->result;
    size_t count = (uint64_t)step->result < len ? (size_t)step->result : len;
    cr_assert_leq(mock->written_len + count, sizeof mock->written);
    memcpy(mock->written + mock->written_len, data, count);
    mock->written_len += count;
    return (int64_t)count;
}

static int mock_flush(struct dagger_stream *stream)
{
    return (int)take_step(stream, MOCK_FLUSH)->result;
}

static int mock_close(struct dagger_stream *stream, enum dagger_ending ending)
{
    struct mock_stream *mock = (struct mock_stream *)stream;
    const struct mock_step *step = take_step(stream, MOCK_CLOSE);
    cr_assert_not(mock->closed, "closed twice");
    mock->closed = true;
    mock->ending = ending;
    return (int)step->result;
}

static const struct dagger_stream_ops mock_ops = {
    .kind = "mock",
    .read = mock_read,
    .write = mock_write,
    .flush = mock_flush,
    .close = mock_close,
};

void mock_init(struct mock_stream *mock, const struct mock_step *script, struct dagger_buffer *out)
{
    *mock = (struct mock_stream){.base = {.ops = &mock_ops, .out = out}, .next = script};
}

bool mock_done(const struct mock_stream *mock)
{
    return mock->next->op == MOCK_END;
}
