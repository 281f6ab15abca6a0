using System.Runtime.InteropServices;

namespace Bitacora.Records.Tests;

public class BatchMemoryTests
{
    private readonly BatchMemory _memory = new();

    [Fact]
    public void A_batch_lies_in_the_memory_of_one_that_was_given_back_and_is_the_same_as_in_new_memory()
    {
        var builder = Builder();
        var first = Freeze(builder, 200, "first");
        var array = ArrayOf(first);
        _memory.GiveBack(first);
        var second = Freeze(builder, 199, "other");
        ArrayOf(second).ShouldBeSameAs(array);
        second.Bytes.Span.SequenceEqual(Freeze(Batches.Builder(), 199, "other").Bytes.Span).ShouldBeTrue();
        RecordBatch.Read(second.Bytes).Count.ShouldBe(199);
    }

    [Fact]
    public void The_smallest_batches_lie_in_each_others_memory_too_and_it_is_hardly_larger_than_they_are()
    {
        var builder = Builder();
        var first = Freeze(builder, 1, "a");
        var array = ArrayOf(first);
        array.Length.ShouldBeLessThanOrEqualTo(512);
        _memory.GiveBack(first);
        ArrayOf(Freeze(builder, 1, "b")).ShouldBeSameAs(array);
    }

    [Fact]
    public void What_was_not_given_back_is_not_used_again()
    {
        var builder = Builder();
        var first = Freeze(builder, 100, "first");
        var bytes = first.Bytes.ToArray();
        Freeze(builder, 100, "other");
        first.Bytes.Span.SequenceEqual(bytes).ShouldBeTrue();
    }

    [Fact]
    public void A_batch_that_was_given_back_is_empty_and_reading_its_records_fails()
    {
        var batch = Freeze(Builder(), 10, "first");
        _memory.GiveBack(batch);
        batch.Bytes.IsEmpty.ShouldBeTrue();
        Should.Throw<ArgumentOutOfRangeException>(() => batch[3].Position);
    }

    [Fact]
    public void A_batch_that_is_given_back_twice_gives_its_memory_once()
    {
        var builder = Builder();
        var batch = Freeze(builder, 100, "first");
        var array = ArrayOf(batch);
        _memory.GiveBack(batch);
        _memory.GiveBack(batch);
        ArrayOf(Freeze(builder, 100, "other")).ShouldBeSameAs(array);
        ArrayOf(Freeze(builder, 100, "third")).ShouldNotBeSameAs(array);
    }

    [Fact]
    public void Memory_that_is_somebody_elses_is_not_taken()
    {
        var bytes = Freeze(Batches.Builder(), 10, "first").Bytes;
        var batch = RecordBatch.Read(bytes);
        _memory.GiveBack(batch);
        batch.Bytes.ShouldBe(bytes);
        ArrayOf(Freeze(Builder(), 10, "other")).ShouldNotBeSameAs(ArrayOf(batch));
    }

    [Fact]
    public void Memory_that_is_too_small_or_far_too_large_is_let_go()
    {
        var builder = Builder();
        var small = Freeze(builder, 10, "first");
        var array = ArrayOf(small);
        _memory.GiveBack(small);
        var large = Freeze(builder, 500, "other");
        ArrayOf(large).ShouldNotBeSameAs(array);
        array = ArrayOf(large);
        _memory.GiveBack(large);
        ArrayOf(Freeze(builder, 10, "third")).ShouldNotBeSameAs(array);
        ArrayOf(Freeze(builder, 500, "fourth")).ShouldNotBeSameAs(array);
    }

    [Fact]
    public void At_most_a_mebibyte_is_kept()
    {
        var builder = Builder();
        var batches = Enumerable.Range(0, 40).Select(_ => Freeze(builder, 600, new string('x', 60))).ToList();
        var arrays = batches.ConvertAll(ArrayOf);
        batches.ForEach(_memory.GiveBack);
        var again = Enumerable.Range(0, 40).Select(_ => ArrayOf(Freeze(builder, 600, new string('x', 60)))).Intersect(arrays).ToList();
        again.Sum(array => array.Length).ShouldBeInRange((1 << 20) - arrays[0].Length, 1 << 20);
    }

    [Fact]
    public void Freezing_into_memory_again_allocates_less_than_an_eighth_of_the_batch()
    {
        var builder = Builder();
        Allocate(builder);
        Allocate(builder).ShouldBeLessThan(Freeze(builder, 1_000, "again").Bytes.Length / 8);
    }

    private long Allocate(RecordBatchBuilder builder)
    {
        Add(builder, 1_000, "again");
        var before = GC.GetAllocatedBytesForCurrentThread();
        _memory.GiveBack(builder.Freeze());
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private RecordBatchBuilder Builder() => Batches.Builder(memory: _memory);

    private static RecordBatch Freeze(RecordBatchBuilder builder, int count, string message)
    {
        Add(builder, count, message);
        return builder.Freeze();
    }

    private static void Add(RecordBatchBuilder builder, int count, string message)
    {
        var origin = builder.AddOrigin(Batches.Numbers);
        for (var i = 0; i < count; i++)
        {
            var record = builder.Begin();
            record.SetText(NamedField.Message, message);
            record.TryCommit(origin, (ulong)i).ShouldBeTrue();
        }
    }

    private static byte[] ArrayOf(RecordBatch batch)
    {
        MemoryMarshal.TryGetArray(batch.Bytes, out var segment).ShouldBeTrue();
        return segment.Array!;
    }
}
