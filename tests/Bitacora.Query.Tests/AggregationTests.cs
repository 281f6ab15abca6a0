using Bitacora.Records;
using Bitacora.Testing.Queries;

namespace Bitacora.Query.Tests;

/// <summary>count, stats and top (rules 12 to 14).</summary>
public class AggregationTests
{
    [Theory]
    [InlineData("| count", "count / 0")]
    [InlineData("| stats count, count(x), sum(x), avg(x), min(x), max(x), p50(x), distinct(x)",
        "count,count(x),sum(x),avg(x),min(x),max(x),p50(x),distinct(x) / 0,0,null,null,null,null,null,0")]
    [InlineData("| count by source", "source,count")]
    [InlineData("| top 3 source", "source,count")]
    public void Nothing_is_one_row_of_nothing_and_no_groups(string query, string table) =>
        Asking.Render(new Aggregation(Asking.Parse(query)).ToTable()).ShouldBe(table);

    [Fact]
    public void Records_group_by_the_text_of_their_fields() => Asking.Table(
        "| count by x",
        Asking.Draft(attributes: "x".Is(200L)),
        Asking.Draft(attributes: "x".Is("200")),
        Asking.Draft(attributes: "x".Is(200.0)),
        Asking.Draft(attributes: "x".Is("OK")),
        Asking.Draft(attributes: "x".Is("ok")),
        Asking.Draft(attributes: "x".Is("")),
        Asking.Draft(attributes: "x".Is(true)),
        Asking.Draft()).ShouldBe("x,count / 200,3 / ,1 / OK,1 / ok,1 / true,1 / null,1");

    [Fact]
    public void Numbers_in_texts_count_and_other_values_are_skipped_and_reported()
    {
        QueryEvaluation<LogRecord> evaluation = Asking.Evaluate(
            Asking.Parse("| stats count(x), sum(x), avg(x), min(x), max(x)"),
            Asking.Batch(
                Asking.Draft(attributes: "x".Is(1L)),
                Asking.Draft(attributes: "x".Is("2.5")),
                Asking.Draft(attributes: "x".Is(-1.0)),
                Asking.Draft(attributes: "x".Is("1e400")),
                Asking.Draft(attributes: "x".Is(true)),
                Asking.Draft(attributes: "x".Is(double.NaN)),
                Asking.Draft()));
        GroupTable table = evaluation.Groups!.ToTable();
        Asking.Render(table).ShouldBe("count(x),sum(x),avg(x),min(x),max(x) / 6,2.5,0.8333333333333334,-1,2.5");
        table.Notes.Select(n => n.Text).ShouldContain("sum(x) skipped 3 values that are no numbers");
    }

    [Fact]
    public void Sums_of_integers_are_exact_and_beyond_64_bits_doubles()
    {
        RecordDraft large = Asking.Draft(attributes: "x".Is(9007199254740993L));
        Asking.Table("| stats sum(x), max(x)", large, large).ShouldBe("sum(x),max(x) / 18014398509481986,9007199254740993");
        RecordDraft huge = Asking.Draft(attributes: "x".Is(long.MaxValue));
        Asking.Table("| stats sum(x)", huge, huge).ShouldBe("sum(x) / 1.8446744073709552E+19");
    }

    [Fact]
    public void The_order_of_adding_does_not_show_in_sums_of_doubles()
    {
        double[] values = [1e16, 1, -1e16, 1, 0.1, 0.2];
        RecordDraft[] drafts = [.. values.Select(v => Asking.Draft(attributes: "x".Is(v)))];
        Asking.Table("| stats sum(x)", drafts).ShouldBe(Asking.Table("| stats sum(x)", [.. drafts.Reverse()]));
    }

    [Fact]
    public void Functions_on_ids_take_texts_that_are_numbers() =>
        Asking.Table("| stats max(user_id)", Asking.Draft(user: "7"), Asking.Draft(user: "42"), Asking.Draft(user: "x"))
            .ShouldBe("max(user_id) / 42");

    [Fact]
    public void Distinct_counts_texts_exactly_and_by_case() => Asking.Table(
        "| stats distinct(x), distinct(level)",
        Asking.Draft(attributes: "x".Is(7L)),
        Asking.Draft(attributes: "x".Is("7")),
        Asking.Draft(attributes: "x".Is("a"), level: Level.Error),
        Asking.Draft(attributes: "x".Is("A")),
        Asking.Draft()).ShouldBe("distinct(x),distinct(level) / 3,2");

    [Fact]
    public void Percentiles_are_the_nearest_rank_to_less_than_a_percent()
    {
        RecordDraft[] drafts = [.. Enumerable.Range(1, 100).Select(i => Asking.Draft(duration: i))];
        GroupTable table = Asking.Evaluate(
            Asking.Parse("| stats p50(duration_ms), p90(duration_ms), p95(duration_ms), p99(duration_ms)"), Asking.Batch(drafts))
                .Groups!.ToTable();
        table.ApproximateColumns.Count.ShouldBe(4);
        double[] expected = [50, 90, 95, 99];
        for (int i = 0; i < 4; i++)
        {
            ((double)table.Rows[0][i]!).ShouldBe(expected[i], expected[i] * 0.008);
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(-1.0)]
    [InlineData(1e300)]
    [InlineData(-3.7e-200)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(double.MaxValue)]
    public void A_percentile_bucket_stands_within_a_percent_of_its_values(double value)
    {
        double middle = PercentileBuckets.ValueOf(PercentileBuckets.BucketOf(value));
        (middle == value || Math.Abs(middle - value) <= Math.Abs(value) * 0.008).ShouldBeTrue($"{value} became {middle}");
        double.IsNegative(middle).ShouldBe(value < 0);
    }

    [Fact]
    public void Percentile_buckets_are_in_the_order_of_their_numbers()
    {
        double[] numbers = [double.NegativeInfinity, -1e300, -1, -1e-300, 0, 1e-300, 1, 1e300, double.PositiveInfinity];
        numbers.Select(PercentileBuckets.BucketOf).ShouldBeInOrder(Shouldly.SortDirection.Ascending);
    }

    [Fact]
    public void Top_counts_the_values_that_are_there_with_ties_by_value()
    {
        RecordDraft[] drafts = [.. "b a a c b - 10 9".Split(' ').Select(s => Asking.Draft(source: s == "-" ? "" : s))];
        Asking.Table("| top 2 source", drafts).ShouldBe("source,count / a,2 / b,2");
        Asking.Table("| top 10 source", drafts).ShouldBe("source,count / a,2 / b,2 / 9,1 / 10,1 / c,1");
        Asking.Table("| top 3 source | sort -source | limit 2 | fields count, source", drafts).ShouldBe("count,source / 2,b / 2,a");
    }

    [Fact]
    public void Groups_are_ordered_by_time_then_the_first_function_then_keys_with_missing_last()
    {
        long hour = Asking.Ticks("2024-03-10T10:00:00Z");
        RecordDraft[] drafts =
        [
            Asking.Draft(source: "b", time: hour + RecordTime.Second * 3600),
            Asking.Draft(source: "b", time: hour), Asking.Draft(source: "b", time: hour), Asking.Draft(source: "a", time: hour),
            Asking.Draft(time: hour), Asking.Draft(source: "10", time: hour), Asking.Draft(source: "9", time: hour),
        ];
        Asking.Table("| count by source, time(1h)", drafts).ShouldBe(
            "source,time,count / b,2024-03-10T10:00,2 / 9,2024-03-10T10:00,1 / 10,2024-03-10T10:00,1 / a,2024-03-10T10:00,1"
            + " / null,2024-03-10T10:00,1 / b,2024-03-10T11:00,1");
        Asking.Table("| count by source | sort source", drafts).ShouldBe("source,count / 9,1 / 10,1 / a,1 / b,3 / null,1");
        Asking.Table("| count by source | sort -source", drafts).ShouldBe("source,count / b,3 / a,1 / 10,1 / 9,1 / null,1");
    }

    [Fact]
    public void Levels_sort_by_rank()
    {
        RecordDraft[] drafts = [.. Enum.GetValues<Level>().Select(l => Asking.Draft(level: l))];
        Asking.Table("| count by level", drafts).ShouldBe("level,count / TRACE,1 / DEBUG,1 / INFO,1 / WARNING,1 / ERROR,1 / CRITICAL,1");
        Asking.Table("| count by level | sort -level | limit 2 | fields level", drafts).ShouldBe("level / CRITICAL / ERROR");
    }

    [Fact]
    public void Null_results_sort_last_in_both_directions()
    {
        RecordDraft[] drafts = [Asking.Draft(source: "a"), Asking.Draft(source: "b", duration: 5), Asking.Draft(source: "c", duration: 7)];
        Asking.Table("| stats max(duration_ms) by source", drafts).ShouldBe("source,max(duration_ms) / c,7 / b,5 / a,null");
        Asking.Table("| stats max( duration_ms ) by source | sort max(duration_ms)", drafts)
            .ShouldBe("source,max(duration_ms) / b,5 / c,7 / a,null");
    }

    [Theory]
    [InlineData("time(1h)", "2024-03-10T06:30:00Z", "2024-03-10T06:00:00Z", "2024-03-10T07:00:00Z")]
    [InlineData("time(15m)", "2024-03-10T06:31:00Z", "2024-03-10T06:30:00Z", "2024-03-10T06:45:00Z")]
    [InlineData("time(1.5h)", "2024-03-10T04:00:00Z", "2024-03-10T03:00:00Z", "2024-03-10T04:30:00Z")]
    [InlineData("time(1d)", "2024-03-10T06:30:00Z", "2024-03-10T05:00:00Z", "2024-03-11T04:00:00Z")]
    [InlineData("time(24h)", "2024-11-03T20:00:00Z", "2024-11-03T04:00:00Z", "2024-11-04T05:00:00Z")]
    [InlineData("time(1w)", "2024-03-10T06:30:00Z", "2024-03-04T05:00:00Z", "2024-03-11T04:00:00Z")]
    [InlineData("time(2d)", "1970-01-02T12:00:00Z", "1970-01-01T05:00:00Z", "1970-01-03T05:00:00Z")]
    [InlineData("time(14d)", "1970-01-01T12:00:00Z", "1969-12-29T05:00:00Z", "1970-01-12T05:00:00Z")]
    public void Buckets_shorter_than_a_day_are_of_the_epoch_and_others_of_the_zone(string key, string time, string from, string to) =>
        Asking.Parse($"| count by {key}", Asking.NewYork).Aggregate!.Keys[0].Buckets!.BucketOf(Asking.Ticks(time))
            .ShouldBe(new TimeRange(Asking.Ticks(from), Asking.Ticks(to)));

    [Fact]
    public void A_day_begins_at_its_first_instant_where_midnight_does_not_exist()
    {
        TimeZoneInfo santiago = TimeZoneInfo.FindSystemTimeZoneById("America/Santiago");
        TimeBuckets days = Asking.Parse("| count by time(1d)", santiago).Aggregate!.Keys[0].Buckets!;
        days.BucketOf(Asking.Ticks("2023-09-03T12:00:00Z")).From.ShouldBe(Asking.Ticks("2023-09-03T04:00:00Z"));
        days.BucketOf(Asking.Ticks("2023-09-03T03:59:59Z")).To.ShouldBe(Asking.Ticks("2023-09-03T04:00:00Z"));
    }

    [Fact]
    public void More_than_a_hundred_thousand_groups_make_the_answer_partial()
    {
        Aggregation aggregation = new(Asking.Parse("| count by x"));
        for (int i = 0; i < 100_001; i++)
        {
            aggregation.Group([GroupValue.Of(i.ToString(System.Globalization.CultureInfo.InvariantCulture))])?.AddCount(0, 1);
        }

        aggregation.Completeness.Reasons.ShouldHaveSingleItem().Code.ShouldBe("too-many-groups");
        aggregation.ToTable().Rows.Count.ShouldBe(100_000);
    }

    [Fact]
    public void More_than_a_hundred_thousand_distinct_values_make_the_answer_partial()
    {
        Aggregation aggregation = new(Asking.Parse("| stats distinct(x)"));
        AggregationGroup group = aggregation.Group([])!;
        for (int i = 0; i < 100_000; i++)
        {
            group.AddDistinct(0, i.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        aggregation.Completeness.IsComplete.ShouldBeTrue();
        group.AddDistinct(0, "7");
        aggregation.Completeness.IsComplete.ShouldBeTrue();
        group.AddDistinct(0, "one more");
        aggregation.Completeness.Reasons.ShouldHaveSingleItem().Code.ShouldBe("too-many-values");
        aggregation.ToTable().Rows[0][0].ShouldBe(100_000L);
    }

    [Fact]
    public void What_a_store_computed_elsewhere_is_added_to_the_groups()
    {
        Aggregation aggregation = new(Asking.Parse("| stats count, sum(x), min(x), p50(x), distinct(x), avg(x) by source, time(1h)"));
        aggregation.Add(Asking.Batch(Asking.Draft(source: "a", time: 0, attributes: "x".Is(4L)))[0]);

        AggregationGroup group = aggregation.Group([GroupValue.Of("a"), GroupValue.Of(0L)])!;
        group.AddCount(0, 3);
        group.AddSum(1, new QueryNumber(6L), 3);
        group.AddExtreme(2, new QueryNumber(1.5));
        group.AddBucket(3, PercentileBuckets.BucketOf(1.5), 3);
        group.AddDistinct(4, "4");
        group.AddDistinct(4, "1.5");
        group.AddSum(5, new QueryNumber(6L), 3);
        group.AddSkipped(1, 2);
        GroupTable table = aggregation.ToTable();
        Asking.Render(table).ShouldBe(
            "source,time,count,sum(x),min(x),p50(x),distinct(x),avg(x) / a,1970-01-01T00:00,4,10,1.5,1.5078125,2,2.5");
        table.Notes.ShouldHaveSingleItem().Text.ShouldContain("skipped 2 values");
        Should.Throw<ArgumentException>(() => group.AddBucket(0, 1, 1));
    }
}
