using System.Diagnostics;
using Bitacora.Extensions.Logging.Capture;
using Microsoft.Extensions.Logging;

namespace Bitacora.Extensions.Logging.Tests;

/// <summary>A log call costs no garbage: every byte counts, whoever allocates it.</summary>
public sealed class AllocationTests
{
    private const int Calls = 2_000;
    private const int Rounds = 5;

    private static readonly Guid Id = Guid.NewGuid();
    private static readonly DateTime Time = DateTime.UtcNow;

    [Fact]
    public void Generated_methods_in_a_scope_and_an_activity_allocate_nothing()
    {
        using var source = new ActivitySource("test");
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        using var activity = source.StartActivity("request");
        activity.ShouldNotBeNull();
        using var logging = Open();
        using var scope = logging.Logger.BeginScope(
            new List<KeyValuePair<string, object?>> { new("RequestId", "0HN:1"), new("Tenant", "north") });
        using var text = logging.Logger.BeginScope("in {Place} of {Number}", "Quito", "7");
        foreach (var (name, call) in Methods)
        {
            BytesOf(logging, call).ShouldBe(0, name);
        }
    }

    [Fact]
    public void Scopes_of_typed_pairs_allocate_nothing()
    {
        using var logging = Open();
        foreach (var scope in new object[]
        {
            new KeyValuePair<string, string>[] { new("A", "text") }, new List<KeyValuePair<string, Guid>> { new("A", Id) },
            new Dictionary<string, string> { ["A"] = "text" }, new Dictionary<string, int> { ["A"] = 1 },
            new Dictionary<string, object?> { ["A"] = "text" },
        })
        {
            using (logging.Logger.BeginScope(scope))
            {
                BytesOf(logging, logger => Messages.One(logger, 1)).ShouldBe(0, scope.GetType().ToString());
            }
        }
    }

    [Fact]
    public void Values_given_to_LogInformation_cost_no_more_than_their_own_array_and_boxes()
    {
        using var logging = Open();
        using var nothing = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Trace).AddProvider(new Ignoring()));
        var other = nothing.CreateLogger("x");

        BytesOf(logging, logger => logger.LogInformation("order {Order} of {Customer}", 4711, "Ana"))
            .ShouldBe(BytesOf(() => other.LogInformation("order {Order} of {Customer}", 4711, "Ana")));
        BytesOf(logging, logger => logger.LogInformation("nothing to fill in"))
            .ShouldBe(BytesOf(() => other.LogInformation("nothing to fill in")));
    }

    [Fact]
    public void Members_of_enumerations_allocate_nothing_however_many_there_are()
    {
        using var logging = Open();
        var number = 0;
        BytesOf(logging, logger => Messages.Enums(
            logger, (Messages.Wide)(number + 5), (Messages.Grade)(number % 100), (FileAttributes)(number++ % 4096), null, 5, 6, 7))
            .ShouldBe(0);
        BytesOf(logging, logger => Messages.Six(logger, 1, "two", 3.5, true, 'x', (DayOfWeek)(number++))).ShouldBe(0);
    }

    [Fact]
    public void A_call_that_the_full_queue_refuses_allocates_nothing()
    {
        var recorder = new Recorder { Failure = new HttpRequestException("away") };
        using var provider = new RecordingProvider(
            recorder, new RecordingOptions { QueueCapacity = 16, ShutdownTimeout = TimeSpan.Zero, SelfLog = _ => { } });
        using var factory = LoggerFactory.Create(builder => builder.AddProvider(provider));
        var logger = factory.CreateLogger("Shop");
        for (var i = 0; i < 200; i++)
        {
            Messages.Three(logger, i, "Ana", 1.5);
        }

        BytesOf(() => Messages.Three(logger, 7, "Ana", 1.5)).ShouldBe(0);
        provider.Statistics.DroppedFull.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(8)]
    public void States_of_generated_methods_are_read_by_emitted_code(int parameters)
    {
        var states = new StateTypes();
        Methods.Single(method => method.Name.StartsWith($"{parameters} ", StringComparison.Ordinal)).Call(states);
        states.IsEmitted.ShouldBe(true);
    }

    private static (string Name, Action<ILogger> Call)[] Methods { get; } =
    [
        ("0 parameters", Messages.None),
        ("1 parameter", logger => Messages.One(logger, 1)),
        ("2 parameters", logger => Messages.Two(logger, 1, "two")),
        ("3 parameters", logger => Messages.Three(logger, 4711, "Ana", 12.5)),
        ("4 parameters", logger => Messages.Four(logger, 1, 2, 3, Id)),
        ("5 parameters", logger => Messages.Five(logger, 1.5m, Time, Time, TimeSpan.FromSeconds(1), 1.5f)),
        ("6 parameters", logger => Messages.Six(logger, 1, "two", 3.5, true, 'x', DayOfWeek.Monday)),
        ("7 parameters", logger => Messages.Seven(logger, 1, "two", 3.5, true, 'x', DayOfWeek.Monday, 7.5m)),
        ("8 parameters", logger => Messages.Eight(logger, 1, "two", 3.5f, 4, 5, 6, 7, 8)),
        ("optional parameters", logger => Messages.Optional(logger, 5, null, Id)),
    ];

    // The queue must not fill: what is measured is the accepted call.
    private static TestLogging Open() => new(new RecordingOptions { QueueBytes = 64 << 20, QueueCapacity = 1_000_000 }, isAlone: true);

    private static long BytesOf(TestLogging logging, Action<ILogger> call) => BytesOf(() => call(logging.Logger));

    private static long BytesOf(Action call)
    {
        // The first calls make the types' readers, the thread's writer and the optimised code.
        for (var i = 0; i < Calls; i++)
        {
            call();
        }

        // A collection that others cause abandons what was left of the thread's space, which is counted: the least of some rounds has none.
        return Enumerable.Range(0, Rounds).Min(_ => BytesOfRound(call));
    }

    private static long BytesOfRound(Action call)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Calls; i++)
        {
            call();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>Asks how the states of the calls are read.</summary>
    private sealed class StateTypes : ILogger
    {
        public bool? IsEmitted { get; private set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            IsEmitted = StateReader<TState>.IsEmitted;
    }

    private sealed class Ignoring : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
        }

        public void Dispose()
        {
        }
    }
}
