namespace Bitacora.Query.Tests;

public sealed class SortedBytesTests
{
    private static readonly LogQuery ByTime = QueryParser.Parse(
        "* | sort time | limit 100", new QueryContext { Now = DateTimeOffset.UnixEpoch, FromTicks = 0, ToTicks = 1_000_000 });

    [Fact]
    public void Sorted_rows_that_hold_too_much_are_the_first_ones()
    {
        var sorted = new SortCollector<long>(ByTime);
        foreach (var time in Enumerable.Range(0, 100).Select(i => (i * 37L) % 100))
        {
            Add(sorted, time, 2 << 20);
        }

        sorted.ToRows().ShouldBe(Enumerable.Range(0, 32).Select(time => (long)time));
        sorted.IsTooLarge.ShouldBeTrue();
        sorted.Bytes.ShouldBe(64 << 20);
    }

    [Fact]
    public void Small_rows_that_come_later_leave_no_gap()
    {
        var sorted = new SortCollector<long>(ByTime);
        for (var time = 10; time < 50; time++)
        {
            Add(sorted, time, 2 << 20);
        }

        for (var time = 0; time < 10; time++)
        {
            Add(sorted, time, 1);
        }

        Add(sorted, 60, 1).ShouldBeFalse();
        var rows = sorted.ToRows();
        rows.ShouldBe(Enumerable.Range(0, rows.Count).Select(time => (long)time));
        rows.Count.ShouldBeGreaterThan(40);
    }

    [Fact]
    public void Merged_they_end_where_the_first_of_them_ended()
    {
        var (large, small) = (new SortCollector<long>(ByTime), new SortCollector<long>(ByTime));
        for (var time = 99; time >= 0; time--)
        {
            Add(time % 2 == 0 ? large : small, time, time % 2 == 0 && time >= 20 ? 20 << 20 : 1);
        }

        large.ToRows().ShouldBe([0L, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24]);
        foreach (var (first, second) in new[] { (large, small), (small, large) })
        {
            var merged = new SortCollector<long>(ByTime);
            merged.Merge(first);
            merged.Merge(second);
            merged.ToRows().ShouldBe(Enumerable.Range(0, 26).Select(time => (long)time));
            merged.IsTooLarge.ShouldBeTrue();
            merged.IsCut.ShouldBeFalse();
        }
    }

    [Fact]
    public void Where_all_that_was_asked_for_fits_nothing_is_too_large()
    {
        var sorted = new SortCollector<long>(ByTime);
        for (var time = 999; time >= 0; time--)
        {
            Add(sorted, time, time >= 900 ? 20 << 20 : 1);
        }

        sorted.Count.ShouldBe(100);
        sorted.IsTooLarge.ShouldBeFalse();
    }

    [Fact]
    public void One_row_is_shown_however_large()
    {
        var sorted = new SortCollector<long>(ByTime);
        Add(sorted, 5, 100 << 20).ShouldBeTrue();
        Add(sorted, 6, 1).ShouldBeFalse();
        sorted.ToRows().ShouldBe([5]);
    }

    private static bool Add(SortCollector<long> sorted, long time, int bytes) =>
        sorted.Add(Asking.Batch(Asking.Draft(time: time))[0], time, bytes);
}
