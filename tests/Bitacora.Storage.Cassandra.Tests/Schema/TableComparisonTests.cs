using Bitacora.Storage.Cassandra.Schema;

namespace Bitacora.Storage.Cassandra.Tests.Schema;

public sealed class TableComparisonTests
{
    private static readonly LogTable _table = FoundTables.Table(LogTables.Application);
    private static readonly FoundTable _same = FoundTables.Of(_table, TimeSpan.FromDays(90));

    [Fact]
    public void Every_table_is_as_it_was_made()
    {
        foreach (var table in LogTables.All)
        {
            var comparison = TableComparison.Of(table, FoundTables.Of(table, TimeSpan.Zero));
            comparison.Wrong.ShouldBeEmpty();
            comparison.Missing.ShouldBeEmpty();
            comparison.Foreign.ShouldBeEmpty();
        }
    }

    [Fact]
    public void A_column_of_another_type_is_named_with_both() =>
        TableComparison.Of(_table, With("user_id", column => column with { Type = "int" })).Wrong
            .ShouldBe(["its column user_id is int, not text"]);

    [Fact]
    public void Another_order_of_the_key_is_another_table()
    {
        TableComparison.Of(_table, With("timestamp", column => column with { Order = "asc" })).Wrong.ShouldHaveSingleItem()
            .ShouldBe(
                "its key is ((log_date, bucket, shard), level ASC, timestamp ASC, log_id DESC), " +
                "not ((log_date, bucket, shard), level ASC, timestamp DESC, log_id DESC)");
        TableComparison.Of(
            _table, With("shard", column => column with { Position = 0 }, "log_date", column => column with { Position = 2 }))
            .Wrong.ShouldHaveSingleItem().ShouldStartWith("its key is ((shard, bucket, log_date)");
        TableComparison.Of(_table, With("level", column => column with { Kind = "regular" })).Wrong.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_column_outside_of_the_key_that_is_missing_can_be_added()
    {
        var comparison = TableComparison.Of(_table, Without("trace_id"));
        comparison.Wrong.ShouldBeEmpty();
        comparison.Missing.ShouldBe([("trace_id", "text")]);
    }

    [Fact]
    public void A_column_of_the_key_that_is_missing_cannot()
    {
        var comparison = TableComparison.Of(_table, Without("log_id"));
        comparison.Wrong.ShouldHaveSingleItem().ShouldContain("its key is");
        comparison.Missing.ShouldBeEmpty();
    }

    [Fact]
    public void A_static_column_is_another_column() =>
        TableComparison.Of(_table, With("host", column => column with { Kind = "static" })).Wrong.ShouldBe(["its column host is static"]);

    [Fact]
    public void Columns_of_others_are_told_and_are_no_fault()
    {
        var comparison = TableComparison.Of(
            _table, _same with { Columns = [.. _same.Columns, new FoundColumn("mine", "text", "regular", -1, "none")] });
        comparison.Wrong.ShouldBeEmpty();
        comparison.Foreign.ShouldBe(["mine"]);
    }

    [Fact]
    public void The_originals_table_is_recognised_by_its_key()
    {
        TableComparison.IsOriginal(_same).ShouldBeFalse();
        TableComparison.IsOriginal(_same with
        {
            Columns =
            [
                new FoundColumn("log_date", "date", "partition_key", 0, "none"),
                new FoundColumn("timestamp", "timestamp", "clustering", 0, "desc"),
            ],
        }).ShouldBeTrue();
    }

    private static FoundTable Without(string name) => _same with { Columns = [.. _same.Columns.Where(column => column.Name != name)] };

    private static FoundTable With(
        string name, Func<FoundColumn, FoundColumn> change, string other = "", Func<FoundColumn, FoundColumn>? alsoChange = null) =>
        _same with
        {
            Columns = [.. _same.Columns.Select(column =>
                column.Name == name ? change(column) : column.Name == other ? alsoChange!(column) : column)],
        };
}
