using Bitacora.Delivery.Positions;
using CsCheck;

namespace Bitacora.Delivery.Tests;

public class PositionIntervalsTests
{
    private static readonly Gen<(ulong First, ulong End)[]> Ranges =
        Gen.Select(Gen.ULong[0, 60], Gen.ULong[1, 12], (first, length) => (first, first + length)).Array[0, 30];

    [Fact]
    public void Intervals_are_the_union_of_what_was_added_merged_and_ascending() => Ranges.Sample(ranges =>
    {
        var intervals = new PositionIntervals();
        var model = new HashSet<ulong>();
        foreach (var (first, end) in ranges)
        {
            intervals.Overlaps(first, end).ShouldBe(Numbers(first, end).Any(model.Contains));
            intervals.Add(first, end, int.MaxValue).ShouldBe(0UL);
            model.UnionWith(Numbers(first, end));
        }

        Numbers(0, 80).Where(intervals.Contains).ShouldBe(model.Order());
        intervals.Ranges.Zip(intervals.Ranges.Skip(1)).ShouldAllBe(pair => pair.First.End < pair.Second.First);
        intervals.Ranges.SelectMany(range => Numbers(range.First, range.End)).ShouldBe(model.Order());
    });

    [Fact]
    public void The_last_positions_there_are_do_not_overflow()
    {
        var intervals = new PositionIntervals();
        intervals.Add(ulong.MaxValue - 1, ulong.MaxValue, 10);
        intervals.Add(0, 1, 10);
        intervals.Contains(ulong.MaxValue - 1).ShouldBeTrue();
        intervals.Contains(ulong.MaxValue).ShouldBeFalse();
        intervals.Ranges.Count.ShouldBe(2);
    }

    [Fact]
    public void Beyond_the_bound_the_lowest_ranges_are_forgotten_and_counted()
    {
        var intervals = new PositionIntervals();
        var forgotten = 0UL;
        for (var i = 0UL; i < 100; i++)
        {
            forgotten += intervals.Add(i * 2, (i * 2) + 1, 32);
        }

        intervals.Ranges.Count.ShouldBeLessThanOrEqualTo(32);
        intervals.Ranges[^1].ShouldBe(new PositionRange(198, 199));
        forgotten.ShouldBe(100UL - (ulong)intervals.Ranges.Count);
    }

    private static IEnumerable<ulong> Numbers(ulong first, ulong end)
    {
        for (var i = first; i < end; i++)
        {
            yield return i;
        }
    }
}
