using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Testing.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Storage.Embedded.Tests;

/// <summary>A file may hold segments that lie wholly outside a query's range, beside others wholly inside.</summary>
public sealed class SegmentRangeTests : IDisposable
{
    private static readonly DateTimeOffset _now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new(_now);

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("| count", "2")]
    [InlineData("| count by source", "shop 2")]
    [InlineData("* | sort message", "b c")]
    [InlineData("n>0 | count", "2")]
    [InlineData("| stats sum(n)", "3")]
    [InlineData("*", "c b")]
    public async Task Segments_of_a_file_outside_the_range_are_left_out(string text, string expected)
    {
        var batches = new Batches(_time);
        await using var store = EmbeddedLogStore.Open(new EmbeddedStoreOptions { Directory = _directory.Path }, _time);
        foreach (var (sequence, at, message) in new[] { (1ul, -3, "a"), (2ul, -2, "b"), (3ul, -1, "c"), (4ul, 0, "d") })
        {
            await store.AppendAsync(batches.Of((_now.AddHours(at), message)), sequence, TestContext.Current.CancellationToken);
            await store.SealAllAsync(TestContext.Current.CancellationToken);
        }

        var answer = await WholeAnswer.OfAsync(store, QueryParser.Parse(text, new QueryContext
        {
            Now = _now,
            FromTicks = RecordTime.From(_now.AddHours(-2)),
            ToTicks = RecordTime.From(_now),
        }));
        answer.End.Completeness.IsComplete.ShouldBeTrue();
        var values = answer.Groups.SelectMany(group => group.Values).Select(value => $"{value}");
        string.Join(' ', answer.Records.Select(record => record.Message).Concat(values)).ShouldBe(expected);
    }
}
