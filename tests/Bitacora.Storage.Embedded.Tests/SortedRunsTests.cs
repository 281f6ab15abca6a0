using Bitacora.Records;
using Bitacora.Storage.Embedded.Sealing;

namespace Bitacora.Storage.Embedded.Tests;

/// <summary>Rows that come in runs are merged as a sort would order them.</summary>
public sealed class SortedRunsTests
{
    [Fact]
    public void Runs_of_any_lengths_and_overlaps_merge_as_sorting_does()
    {
        var random = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            var rows = new List<RowReference>();
            var runs = random.Next(0, 9);
            for (var run = 0; run < runs; run++)
            {
                var start = random.Next(0, 200);
                var times = Enumerable.Range(0, random.Next(1, 40)).Select(_ => start + random.Next(0, 1 << random.Next(1, 10)));
                rows.AddRange(times.Order().Select((time, i) => Row(time, run, i)));
            }

            Check(rows);
        }
    }

    [Fact]
    public void Batches_that_follow_each_other_in_any_order_merge()
    {
        Check([.. Run(0), .. Run(1), .. Run(2)]);
        Check([.. Run(2), .. Run(1), .. Run(0)]);
        Check([.. Run(1), .. Run(0), .. Run(3), .. Run(2), .. Run(4)]);
        Check([]);
    }

    private static IEnumerable<RowReference> Run(int number) => Enumerable.Range(0, 10).Select(i => Row((number * 10) + i, number, i));

    private static RowReference Row(long time, int entry, int index) =>
        new(RecordId.Create(time, (ulong)((entry * 100) + index)), entry, index);

    private static void Check(List<RowReference> rows)
    {
        using var runs = new SortedRuns(rows.Count / 4);
        rows.ForEach(runs.Add);
        Assert.Equal(rows.OrderBy(row => row.Id), runs.Merge().ToArray());
    }
}
