using System.Diagnostics;
using System.Globalization;
using Bitacora.Client;
using Bitacora.Records;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Parsing;

namespace Bitacora.Serilog.Tests;

public sealed class BitacoraSinkTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task An_event_gives_level_logger_template_message_and_typed_properties()
    {
        var record = await RecordAsync(logger => logger.ForContext("SourceContext", "Shop.Orders").Warning(
            "Order {Order} of {Customer} took {Elapsed:0.0} ms, {Flag} {Nothing}", 4711, "Ana", 12.34, true, null));

        (record.Level, record.Logger, record.Source, record.Host).ShouldBe((Level.Warning, "Shop.Orders", "shop", "web-1"));
        record.Message.ShouldBe("""Order 4711 of "Ana" took 12.3 ms, True null""");
        record.Template.ShouldBe("Order {Order} of {Customer} took {Elapsed:0.0} ms, {Flag} {Nothing}");
        Attributes(record).ShouldBe(
            ["Order=Int64:4711", "Customer=String:Ana", "Elapsed=Double:12.34", "Flag=Boolean:true"], ignoreOrder: true);
    }

    [Fact]
    public async Task Levels_are_mapped_one_to_one()
    {
        var records = await RecordsAsync(logger =>
        {
            foreach (var level in Enum.GetValues<LogEventLevel>())
            {
                logger.Write(level, "x");
            }
        });
        records.Select(record => record.Level)
            .ShouldBe([Level.Trace, Level.Debug, Level.Info, Level.Warning, Level.Error, Level.Critical]);
    }

    [Fact]
    public async Task Structures_and_dictionaries_are_flattened_and_sequences_are_json()
    {
        var record = await RecordAsync(logger => logger.Information(
            "{@Card} {Numbers} {@Lines} {Codes}", new { Kind = "visa", Owner = new { Name = "Ana" } }, new[] { 1, 2 },
            new[] { new { Sku = "a", Amount = 2 } }, new Dictionary<string, int> { ["x"] = 1 }));

        Attributes(record).ShouldBe(
        [
            "Card.Kind=String:visa", "Card.Owner.Name=String:Ana", "Numbers=String:[1,2]",
            """Lines=String:[{"Sku":"a","Amount":2}]""", "Codes.x=Int64:1",
        ], ignoreOrder: true);
    }

    [Fact]
    public async Task Properties_of_known_names_and_the_activity_give_fields()
    {
        using var activity = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
        var record = await RecordAsync(logger => logger.ForContext("UserId", 42).ForContext("ElapsedMs", 7.5).Information("x"));
        (record.TraceId, record.SpanId, record.RequestId, record.UserId, record.DurationMs).ShouldBe(
            (activity.TraceId.ToHexString(), activity.SpanId.ToHexString(), activity.TraceId.ToHexString(), "42", 7.5));
    }

    [Fact]
    public async Task An_exception_is_a_traceback()
    {
        var record = await RecordAsync(logger => logger.Error(new InvalidOperationException("a", new IOException("b")), "failed"));
        record.Traceback.ShouldNotBeNull().ShouldContain("System.IO.IOException: b");
    }

    [Fact]
    public async Task A_value_that_logs_while_its_text_is_made_leaves_the_message_as_it_is()
    {
        var records = await RecordsAsync(logger =>
            logger.Write(Event("user {User} paid {Amount}", ("User", new Noisy(logger)), ("Amount", 12))));
        records.Select(record => record.Message).Distinct().ShouldBe(["inner of 7", "user Ana paid 12"], ignoreOrder: true);
    }

    [Fact]
    public async Task Names_of_a_dictionarys_elements_do_not_depend_on_the_culture()
    {
        var record = await RecordAsync(logger =>
        {
            var before = CultureInfo.CurrentCulture;
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } };
            logger.Information("{Prices}", new Dictionary<double, int> { [1.5] = 7 });
            CultureInfo.CurrentCulture = before;
        });
        Attributes(record).ShouldBe(["Prices.1.5=Int64:7"]);
    }

    [Fact]
    public void Closing_the_logger_loses_nothing()
    {
        var recorder = new Recorder();
        var logger = Logger(Open(recorder));
        for (var i = 0; i < 5_000; i++)
        {
            logger.Information("number {Number}", i);
        }

        logger.Dispose();
        recorder.Records.Count.ShouldBe(5_000);
        logger.Dispose();
    }

    [Fact]
    public void An_event_that_is_refused_reaches_the_failure_listener()
    {
        var listener = new Listener();
        var recorder = new Recorder { Failure = new HttpRequestException("away") };
        using var sink = Open(recorder, new LogQueueOptions { QueueCapacity = 16, ShutdownTimeout = TimeSpan.Zero });
        sink.SetFailureListener(listener);
        var logger = Logger(sink);
        for (var i = 0; i < 100; i++)
        {
            logger.Information("number {Number}", i);
        }

        listener.Failed.Count.ShouldBeGreaterThan(80);
        listener.Failed.Count.ShouldBe((int)sink.Statistics.DroppedFull);
    }

    [Fact]
    public async Task A_fallback_sink_gets_what_is_refused()
    {
        var fallback = new Memory();
        var recorder = new Recorder();
        var sink = Open(recorder);
        var logger = new LoggerConfiguration().WriteTo.FallbackChain(to => to.Sink(sink), to => to.Sink(fallback)).CreateLogger();
        logger.Information("taken");
        using var patience = new CancellationTokenSource(Patience);
        (await sink.FlushAsync(patience.Token)).ShouldBeTrue();
        sink.Dispose();
        logger.Information("refused");
        fallback.Events.Select(e => e.MessageTemplate.Text).ShouldBe(["refused"]);
        recorder.Records.Select(record => record.Message).ShouldBe(["taken"]);
    }

    [Fact]
    public void Every_fault_of_the_options_is_said_at_once()
    {
        var failure = Should.Throw<ArgumentException>(() => new LoggerConfiguration().WriteTo.Bitacora("ftp://name:word@x/", options =>
        {
            options.Source = "";
            options.Queue = options.Queue with { BatchSize = 0 };
        }));
        failure.Message.ShouldContain("Endpoint");
        failure.Message.ShouldContain("Source");
        failure.Message.ShouldContain("BatchSize");
        failure.Message.ShouldNotContain("word@");
    }

    [Fact]
    public void Options_that_are_missing_are_said_as_others_that_are_wrong()
    {
        var options = new BitacoraSinkOptions { Endpoint = null!, Queue = null!, Source = "" };
        var failure = Should.Throw<ArgumentException>(() => new BitacoraSink(options));
        failure.Message.ShouldContain("Endpoint");
        failure.Message.ShouldContain("Queue");
        failure.Message.ShouldContain("Source");
    }

    [Fact]
    public void A_server_that_is_away_stops_nothing()
    {
        using var logger = new LoggerConfiguration().WriteTo.Bitacora(
            "http://127.0.0.1:1", options => options.Queue = options.Queue with { ShutdownTimeout = TimeSpan.Zero }).CreateLogger();
        Should.NotThrow(() => logger.Information("x"));
    }

    [Fact]
    public async Task A_value_that_gets_no_memory_for_its_text_loses_no_event()
    {
        var record = await RecordAsync(logger => logger.Write(Event("{Bad}", ("Bad", new Huge()))));
        record.Message.ShouldBe("{Bad}");
        Attributes(record).ShouldContain(attribute => attribute.StartsWith("parse_error=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Events_from_too_deep_within_others_are_counted_and_given_to_the_failure_listener()
    {
        var listener = new Listener();
        using var sink = Open(new Recorder());
        sink.SetFailureListener(listener);
        var logger = Logger(sink);
        logger.Write(Event("{Self}", ("Self", new LogsItself(logger))));
        using var patience = new CancellationTokenSource(Patience);
        (await sink.FlushAsync(patience.Token)).ShouldBeTrue();
        listener.Failed.ShouldNotBeEmpty();
        sink.Statistics.LogsDropped.ShouldBe(listener.Failed.Count);
    }

    private static LogEvent Event(string template, params (string Name, object Value)[] values) => new(
        DateTimeOffset.UtcNow, LogEventLevel.Information, null, new MessageTemplateParser().Parse(template),
        values.Select(value => new LogEventProperty(value.Name, new ScalarValue(value.Value))));

    private static string[] Attributes(LogRecord record) =>
    [
        .. record.Attributes.Where(pair => pair.Key != "process.pid").Select(pair => $"{pair.Key}={pair.Value.Type}:{pair.Value.Text}"),
    ];

    private static BitacoraSink Open(Recorder recorder, LogQueueOptions? queue = null) => new(
        new BitacoraSinkOptions { Source = "shop", Host = "web-1", Queue = queue ?? new LogQueueOptions() },
        (_, _, _) => recorder, TimeProvider.System);

    private static Logger Logger(BitacoraSink sink) => new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Sink(sink).CreateLogger();

    private static async Task<LogRecord> RecordAsync(Action<ILogger> log) => (await RecordsAsync(log)).ShouldHaveSingleItem();

    private static async Task<IReadOnlyList<LogRecord>> RecordsAsync(Action<ILogger> log)
    {
        var recorder = new Recorder();
        using var sink = Open(recorder);
        log(Logger(sink));
        using var patience = new CancellationTokenSource(Patience);
        (await sink.FlushAsync(patience.Token)).ShouldBeTrue();
        return recorder.Records;
    }

    private sealed class Listener : ILoggingFailureListener
    {
        public List<LogEvent> Failed { get; } = [];

        public void OnLoggingFailed(
            object sender, LoggingFailureKind kind, string message, IReadOnlyCollection<LogEvent>? events, Exception? exception) =>
            Failed.AddRange(events ?? []);
    }

    private sealed class Huge
    {
        // More than any array may have: refused at once.
        public override string ToString() => new byte[int.MaxValue].Length.ToString(CultureInfo.InvariantCulture);
    }

    private sealed class LogsItself(ILogger logger)
    {
        public override string ToString()
        {
            logger.Write(Event("{Self}", ("Self", this)));
            return "self";
        }
    }

    private sealed class Noisy(ILogger logger)
    {
        public override string ToString()
        {
            logger.Information("inner of {Number}", 7);
            return "Ana";
        }
    }

    private sealed class Memory : ILogEventSink
    {
        public List<LogEvent> Events { get; } = [];

        public void Emit(LogEvent logEvent) => Events.Add(logEvent);
    }
}
