using Bitacora.Records;

namespace Bitacora.Query.Tests;

public sealed class PageBytesTests
{
    private static readonly LogQuery Everything = QueryParser.Parse(
        "", new QueryContext { Now = DateTimeOffset.UnixEpoch, FromTicks = 0, ToTicks = 1_000_000, PageSize = 10_000 });

    [Fact]
    public void A_page_of_huge_rows_is_short_keeps_the_newest_and_has_a_cursor()
    {
        var page = new RowCollector<long>(Everything);
        foreach (var time in Enumerable.Range(0, 100).Select(i => (i * 37) % 100))
        {
            page.Add(RecordId.Create(time, 0), time, 2 << 20);
        }

        page.ToPage().ShouldBe(Enumerable.Range(68, 32).Reverse().Select(time => (long)time));
        page.NextPage().ShouldNotBeNull().Last.Time.ShouldBe(68);
    }

    [Fact]
    public void A_row_larger_than_a_page_is_a_page()
    {
        var page = new RowCollector<long>(Everything);
        page.Add(RecordId.Create(5, 0), 5, 100 << 20).ShouldBeTrue();
        page.Add(RecordId.Create(4, 0), 4, 1).ShouldBeFalse();

        page.ToPage().ShouldBe([5]);
        page.NextPage().ShouldNotBeNull();
    }

    [Fact]
    public void Small_rows_fill_the_page_as_ever()
    {
        var page = new RowCollector<long>(Everything);
        for (var time = 0; time < 500; time++)
        {
            page.Add(RecordId.Create(time, 0), time, 400).ShouldBeTrue();
        }

        page.Count.ShouldBe(500);
        page.NextPage().ShouldBeNull();
    }
}
