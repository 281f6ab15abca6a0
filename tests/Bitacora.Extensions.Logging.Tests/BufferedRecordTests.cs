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
