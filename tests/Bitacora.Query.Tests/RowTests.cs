using Bitacora.Records;
using Bitacora.Testing.Queries;

namespace Bitacora.Query.Tests;

/// <summary>Rows, sort and cursors (rules 15 and 16).</summary>
public class RowTests
{
    private static readonly long Start = Asking.Ticks("2024-03-10T10:00:00Z");

    [Fact]
    public void Rows_come_newest_first_whatever_the_order_in_which_they_are_read()
    {
        int[] order = [3, 1, 4, 0, 2];
        RecordDraft[] drafts = [.. order.Select(i => Asking.Draft(message: $"m{i}", time: Start + i))];
        Asking.Messages("", drafts).ShouldBe(["m4", "m3", "m2", "m1", "m0"]);
        Asking.Messages("| limit 2", drafts).ShouldBe(["m4", "m3"]);
    }

    [Fact]
    public void A_row_that_is_offered_twice_is_shown_once()
    {
        RecordBatch batch = Asking.Batch(Asking.Draft("a", time: Start), Asking.Draft("b", time: Start + 1));
        QueryEvaluation<LogRecord> evaluation = Asking.Evaluate(Asking.Parse("| limit 2"), batch, batch);
        evaluation.Rows!.ToPage().Count.ShouldBe(2);
        evaluation.Rows.HasMore.ShouldBeFalse();
        Asking.Evaluate(Asking.Parse("| sort message"), batch, batch).Sorted!.ToRows().Count.ShouldBe(2);
    }

    [Fact]
    public void Pages_follow_each_other_by_cursor_without_a_gap_and_keep_what_the_first_was_bound_to()
    {
        RecordBatch batch = Asking.Batch([.. Enumerable.Range(0, 10).Select(i => Asking.Draft(message: $"m{i}", time: Start + i))]);
        QueryContext context = new() { Now = RecordGenerator.Now, Zone = Asking.NewYork, Last = "3h", PageSize = 4 };
        List<string> seen = [];
        string? cursor = null;
        do
        {
            LogQuery query = QueryParser.Parse("time>-150m m*", context with { Cursor = cursor });
            query.Range.From.ShouldBe(RecordTime.From(RecordGenerator.Now) - (150 * 60 * RecordTime.Second) + 1);
            query.Zone.Id.ShouldBe("America/New_York");
            RowCollector<LogRecord> page = Asking.Evaluate(query, batch).Rows!;
            seen.AddRange(page.ToPage().Select(r => r.Message!));
            cursor = page.NextPage()?.Encode();

            // The next page is asked for later and from elsewhere: the cursor knows better.
            context = context with { Now = context.Now.AddDays(1), Zone = TimeZoneInfo.Utc, Last = "1m" };
        }
        while (cursor is not null);
        seen.ShouldBe(Enumerable.Range(0, 10).Reverse().Select(i => $"m{i}"));
    }

    [Fact]
    public void Limit_counts_the_rows_of_all_pages()
    {
        RecordBatch batch = Asking.Batch([.. Enumerable.Range(0, 10).Select(i => Asking.Draft(message: $"m{i}", time: Start + i))]);
        QueryContext context = Asking.Context() with { PageSize = 4 };
        LogQuery first = QueryParser.Parse("| limit 6", context);
        Cursor next = Asking.Evaluate(first, batch).Rows!.NextPage().ShouldNotBeNull();
        RowCollector<LogRecord> second = Asking.Evaluate(QueryParser.Parse("| limit 6", context with { Cursor = next.Encode() }), batch)
            .Rows!;
        second.ToPage().Select(r => r.Message).ShouldBe(["m5", "m4"]);
        second.NextPage().ShouldBeNull();
    }

    [Fact]
    public void A_page_that_ends_with_the_last_row_has_no_cursor()
    {
        RecordBatch batch = Asking.Batch(Asking.Draft("a", time: Start), Asking.Draft("b", time: Start + 1));
        RowCollector<LogRecord> page = Asking.Evaluate(QueryParser.Parse("", Asking.Context() with { PageSize = 2 }), batch).Rows!;
        page.IsFull.ShouldBeTrue();
        page.NextPage().ShouldBeNull();
        page.StoppedEarly();
        page.NextPage().ShouldNotBeNull().Last.ShouldBe(batch[0].Id);
    }

    [Fact]
    public void A_cursor_that_was_changed_or_belongs_to_another_query_is_refused()
    {
        string cursor = Asking.Parse("a").NextPage(RecordId.Create(Start, 7), 1).ShouldNotBeNull().Encode();
        Cursor.Decode(cursor).Last.ShouldBe(RecordId.Create(Start, 7));
        Refused("b", cursor).ShouldContain("another query");
        Refused("a", "").ShouldContain("cannot be read");
        Refused("a", "%%%").ShouldContain("cannot be read");
        Refused("a", new string('A', 2000)).ShouldContain("cannot be read");
        for (int i = 0; i < cursor.Length; i++)
        {
            char other = cursor[i] == 'A' ? 'B' : 'A';
            Should.Throw<CursorException>(() => Cursor.Decode(cursor[..i] + other + cursor[(i + 1)..]));
        }

        string grouped = new Cursor(Asking.Parse("| count").Hash, 0, new TimeRange(0, 1), "UTC", null, RecordId.Create(0, 0)).Encode();
        Refused("| count", grouped).ShouldContain("has no pages");
        string nowhere = new Cursor(Asking.Parse("a").Hash, 0, new TimeRange(0, 1), "Mars/Olympus", null, RecordId.Create(0, 0)).Encode();
        Refused("a", nowhere).ShouldContain("Mars/Olympus");
        Asking.Parse("| count").NextPage(RecordId.Create(0, 0), 1).ShouldBeNull();
        Asking.Parse("| sort a").NextPage(RecordId.Create(0, 0), 1).ShouldBeNull();
    }

    [Fact]
    public void Sort_puts_numbers_before_text_and_missing_last_in_both_directions()
    {
        RecordDraft[] drafts =
        [
            Asking.Draft("ten", attributes: "x".Is("10"), time: Start), Asking.Draft("nine", attributes: "x".Is(9L), time: Start + 1),
            Asking.Draft("half", attributes: "x".Is(9.5), time: Start + 2), Asking.Draft("b", attributes: "x".Is("b"), time: Start + 3),
            Asking.Draft("a", attributes: "x".Is("a"), time: Start + 4), Asking.Draft("true", attributes: "x".Is(true), time: Start + 5),
            Asking.Draft("none", time: Start + 6), Asking.Draft("NaN", attributes: "x".Is(double.NaN), time: Start + 7),
        ];
        Asking.Messages("| sort x", drafts).ShouldBe(["nine", "half", "ten", "NaN", "a", "b", "true", "none"]);
        Asking.Messages("| sort -x", drafts).ShouldBe(["true", "b", "a", "NaN", "ten", "half", "nine", "none"]);
        Asking.Messages("| sort -x | limit 2", drafts).ShouldBe(["true", "b"]);
    }

    [Fact]
    public void Sort_knows_levels_by_rank_texts_by_bytes_and_breaks_ties_newest_first()
    {
        RecordDraft[] drafts =
        [
            Asking.Draft("\uFFEE", level: Level.Error, source: "s", time: Start),
            Asking.Draft("\U00010400", level: Level.Critical, source: "s", time: Start + 1),
            Asking.Draft("Z", level: Level.Debug, source: "s", time: Start + 2),
            Asking.Draft("a", level: Level.Warning, source: "s", time: Start + 3),
        ];
        Asking.Messages("| sort message", drafts).ShouldBe(["Z", "a", "\uFFEE", "\U00010400"]);
        Asking.Messages("| sort -level", drafts).ShouldBe(["\U00010400", "\uFFEE", "a", "Z"]);
        Asking.Messages("| sort source", drafts).ShouldBe(["a", "Z", "\U00010400", "\uFFEE"]);
        Asking.Messages("| sort source, message", drafts).ShouldBe(["Z", "a", "\uFFEE", "\U00010400"]);
        Asking.Messages("| sort time", drafts).ShouldBe(["\uFFEE", "\U00010400", "Z", "a"]);
    }

    [Fact]
    public void Sort_tells_long_integers_apart_from_doubles_near_them()
    {
        RecordDraft[] drafts =
        [
            Asking.Draft("double", attributes: "x".Is(9007199254740992.0), time: Start),
            Asking.Draft("long", attributes: "x".Is(9007199254740993L), time: Start + 1),
            Asking.Draft("half", attributes: "x".Is(-0.5), time: Start + 2), Asking.Draft("zero", attributes: "x".Is(0L), time: Start + 3),
            Asking.Draft("beyond", attributes: "x".Is(9.3e18), time: Start + 4),
            Asking.Draft("max", attributes: "x".Is(long.MaxValue), time: Start + 5),
            Asking.Draft("below", attributes: "x".Is(-1e19), time: Start + 6),
            Asking.Draft("min", attributes: "x".Is(long.MinValue), time: Start + 7),
        ];
        Asking.Messages("| sort x", drafts).ShouldBe(["below", "min", "half", "zero", "double", "long", "max", "beyond"]);
    }

    [Fact]
    public void Sort_keeps_a_thousand_rows_unless_said()
    {
        Asking.Parse("| sort x").RowLimit.ShouldBe(1000);
        Asking.Parse("| sort x | limit 10000").RowLimit.ShouldBe(10000);
        RecordBatch batch = Asking.Batch([.. Enumerable.Range(0, 1001).Select(i => Asking.Draft(message: "m", time: Start + i))]);
        SortCollector<LogRecord> sorted = Asking.Evaluate(Asking.Parse("| sort message"), batch).Sorted!;
        sorted.Count.ShouldBe(1000);
        sorted.IsCut.ShouldBeTrue();
        sorted.Notes.ShouldHaveSingleItem().Text.ShouldContain("1,000 rows and more match");
        Asking.Evaluate(Asking.Parse("| sort message | limit 5"), batch).Sorted!.Notes.ShouldBeEmpty();
    }

    [Fact]
    public void Fields_choose_columns_of_rows()
    {
        LogQuery query = Asking.Parse("| fields time, level, metadata.level, nowhere, x, duration_ms, layer, id, source, y, z");
        LogRecord record = Asking.Batch(Asking.Draft(
            level: Level.Error, source: "shop", duration: 5, time: Start,
                attributes: ["level".Is("gold"), "x".Is(7L), "y".Is(0.5), "z".Is(true)]))[0].ToLogRecord();
        query.RowFields!.Select(f => f.Written).ShouldBe(query.Fields);
        query.RowFields!.Select(f => f.ValueIn(record)).ShouldBe(
            [RecordTime.ToDateTimeOffset(Start), "ERROR", "gold", null, 7L, 5.0, "application", record.Id.ToString(), "shop", 0.5, true]);
        Asking.Parse("| count | fields count").RowFields.ShouldBeNull();
    }

    private static string Refused(string query, string cursor) =>
        Should.Throw<CursorException>(() => QueryParser.Parse(query, Asking.Context() with { Cursor = cursor })).Message;
}
