using System.Diagnostics;
using Bitacora.Records;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bitacora.Extensions.Logging.Tests;

public sealed class BufferedRecordTests
{
    [Fact]
    public async Task Buffered_records_keep_their_time_and_what_was_redacted()
    {
        using var provider = new RecordingProvider();
        var logger = provider.CreateLogger("Shop").ShouldBeAssignableTo<IBufferedLogger>();
        var earlier = new DateTimeOffset(2024, 5, 1, 12, 30, 5, TimeSpan.Zero);
        logger!.LogRecords([new Held(earlier)]);

        var record = await provider.RecordAsync();
        RecordTime.ToDateTimeOffset(record.Time).ShouldBe(earlier);
        (record.Level, record.Message, record.Template).ShouldBe((Level.Warning, "card ***", "card {Card}"));
        TestLogging.Attribute(record, "Card").ShouldBe("String:***");
        TestLogging.Attribute(record, "EventId").ShouldBe("Int64:7");
        (record.TraceId, record.SpanId).ShouldBe(("0123456789abcdef0123456789abcdef", "0123456789abcdef"));
        record.Traceback.ShouldBe("System.Exception: x");
    }

    [Fact]
    public async Task Buffered_records_that_cannot_be_read_are_counted_by_level_and_the_others_are_kept()
    {
        using var provider = new RecordingProvider(new RecordingOptions { SelfLog = _ => { } });
        var logger = provider.CreateLogger("Shop").ShouldBeAssignableTo<IBufferedLogger>();
        logger!.LogRecords([new Torn(), null!, new Held(DateTimeOffset.UnixEpoch)]);
        Should.NotThrow(() => logger.LogRecords(Ending()));

        (await provider.RecordsAsync()).Count.ShouldBe(2);
        (provider.Statistics.LogsQueued, provider.Statistics.LogsDropped).ShouldBe((4, 2));
        provider.Statistics.DroppedByLevel.ShouldBe([1, 0, 0, 0, 1, 0]);
    }

    [Fact]
    public async Task Buffered_records_that_come_from_too_deep_within_others_are_counted()
    {
        using var provider = new RecordingProvider(new RecordingOptions { SelfLog = _ => { } });
        var logger = provider.CreateLogger("Shop").ShouldBeAssignableTo<IBufferedLogger>();
        logger!.LogRecords([new Endless(logger)]);

        (await provider.RecordsAsync()).Count.ShouldBe(4);
        (provider.Statistics.LogsQueued, provider.Statistics.LogsDropped).ShouldBe((5, 1));
    }

    private static IEnumerable<BufferedLogRecord> Ending()
    {
        yield return new Held(DateTimeOffset.UnixEpoch);
        throw new InvalidOperationException();
    }

    private sealed class Torn : BufferedLogRecord
    {
        public override DateTimeOffset Timestamp => DateTimeOffset.UnixEpoch;

        public override LogLevel LogLevel => LogLevel.Error;

        public override EventId EventId => default;

        public override string? FormattedMessage => throw new InvalidOperationException();
    }

    private sealed class Endless(IBufferedLogger logger) : BufferedLogRecord
    {
        public override DateTimeOffset Timestamp => DateTimeOffset.UnixEpoch;

        public override LogLevel LogLevel => LogLevel.Warning;

        public override EventId EventId => default;

        public override string? FormattedMessage
        {
            get
            {
                logger.LogRecords([this]);
                return "endless";
            }
        }
    }

    private sealed class Held(DateTimeOffset time) : BufferedLogRecord
    {
        public override DateTimeOffset Timestamp => time;

        public override LogLevel LogLevel => LogLevel.Warning;

        public override EventId EventId => new(7);

        public override string? FormattedMessage => "card ***";

        public override string? MessageTemplate => "card {Card}";

        public override string? Exception => "System.Exception: x";

        public override ActivityTraceId? ActivityTraceId =>
            System.Diagnostics.ActivityTraceId.CreateFromString("0123456789abcdef0123456789abcdef");

        public override ActivitySpanId? ActivitySpanId => System.Diagnostics.ActivitySpanId.CreateFromString("0123456789abcdef");

        public override IReadOnlyList<KeyValuePair<string, object?>> Attributes =>
            [new("Card", "***"), new("{OriginalFormat}", "card {Card}")];
    }
}
