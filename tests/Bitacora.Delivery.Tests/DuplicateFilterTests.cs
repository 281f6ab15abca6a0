using Bitacora.Delivery.Positions;
using Bitacora.Records;
using CsCheck;

namespace Bitacora.Delivery.Tests;

public class DuplicateFilterTests
{
    private readonly PositionTable _taken = new(100, 100);
    private readonly PositionTable _group = new(100, 100);

    [Fact]
    public void A_new_batch_is_passed_as_it_is()
    {
        var batch = Batches.Of(0, 3);
        Filter().NewOf(batch, out _).ShouldBeSameAs(batch);
    }

    [Fact]
    public void A_part_keeps_positions_and_bytes_and_covers_what_the_whole_covered()
    {
        var builder = new RecordBatchBuilder(new SenderId(5), RecordLimits.Default, TimeProvider.System);
        Batches.Add(builder, Batches.First, [2, 3, 7]);
        Batches.Add(builder, Batches.Second, [10, 20]);
        builder.Cover(0, 1, 9);
        var batch = builder.Freeze();
        _taken.Add(Batches.Of(Batches.First, [2, 3], sender: 5), 0);
        _group.Add(Batches.Of(Batches.Second, [20], sender: 5), 0);

        var part = Filter().NewOf(batch, out _).ShouldNotBeNull();
        Batches.Names(part).ShouldBe(
            Batches.Names(batch).Where((_, i) => i is 2 or 3));
        part.Origins.ToArray().ShouldBe(batch.Origins.ToArray());
        RecordBatch.Read(part.Bytes).Count.ShouldBe(2);
    }

    [Fact]
    public void A_batch_that_overlaps_only_where_no_record_is_passes_as_it_is()
    {
        var batch = Batches.Of(Batches.First, [0, 10]);
        _taken.Add(Batches.Of(Batches.First, [5]), 0);
        Filter().NewOf(batch, out _).ShouldBeSameAs(batch);
    }

    [Fact]
    public void The_new_records_are_those_whose_positions_neither_table_has() => Gen.Select(
        Gen.ULong[0, 20].HashSet[1, 12], Gen.ULong[0, 20].HashSet[0, 6], Gen.ULong[0, 20].HashSet[0, 6]).Sample((wanted, taken, group) =>
    {
        var (takenTable, groupTable) = (new PositionTable(100, 100), new PositionTable(100, 100));
        AddEach(takenTable, taken);
        AddEach(groupTable, group);
        var part = new DuplicateFilter(takenTable, groupTable, TimeProvider.System).NewOf(Batches.Of(Batches.First, wanted.Order()), out _);
        var expected = wanted.Except(taken).Except(group).Order().ToArray();
        (part is null ? [] : PositionsOf(part)).ShouldBe(expected);
    });

    private static void AddEach(PositionTable table, IEnumerable<ulong> positions)
    {
        foreach (var position in positions)
        {
            table.Add(Batches.Of(position, 1), 0);
        }
    }

    private static ulong[] PositionsOf(RecordBatch batch)
    {
        var positions = new ulong[batch.Count];
        for (var i = 0; i < positions.Length; i++)
        {
            positions[i] = batch[i].Position;
        }

        return positions;
    }

    private DuplicateFilter Filter() => new(_taken, _group, TimeProvider.System);
}
