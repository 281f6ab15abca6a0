using Bitacora.Alerting.Evaluation;
using Bitacora.Records;
using Bitacora.Storage;
using Bitacora.Testing.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Alerting.Tests;

/// <summary>A store, a state store and a clock in which rules are judged. Minutes are counted from the beginning.</summary>
internal sealed class AlertWorld
{
    public static readonly DateTimeOffset Start = new(2024, 5, 1, 12, 0, 0, TimeSpan.Zero);

    // Records may be of any minute of a test: none is ahead of the clock that freezes them.
    private readonly TestBatches _batches = new(new FakeTimeProvider(Start + TimeSpan.FromDays(10)));
    private ulong _sequence;

    public AlertWorld()
    {
        Store = new FaultyStore(new MemoryLogStore(Clock));
        States = new FaultyStates(new MemoryStateStore(Clock));
    }

    public static long FirstMinute => Minutes.Of(RecordTime.From(Start));

    public FakeTimeProvider Clock { get; } = new(Start - TimeSpan.FromDays(2));

    public FaultyStore Store { get; }

    public FaultyStates States { get; }

    public AlertEngine Engine(params IReadOnlyList<AlertRule> rules) => Engine(new AlertSettings { Rules = rules });

    public AlertEngine Engine(AlertSettings settings, TextWriter? output = null) =>
        new(settings, Store.QueryAsync, States, output ?? TextWriter.Null, Clock, new Random(1));

    /// <summary>Records in a minute, evenly spread or all in its first moment.</summary>
    public async Task AppendAsync(int minute, int count, string? logger = null, Level level = Level.Error, bool atOnce = false)
    {
        var texts = logger is null ? [] : new Dictionary<NamedField, string> { [NamedField.Logger] = logger };
        var begin = RecordTime.From(Start) + (minute * Minutes.Ticks);
        var batch = _batches.Of(Enumerable.Range(0, count).Select(i => new TestRecord(
            begin + (atOnce ? 0 : i * Minutes.Ticks / (count + 1)), $"line {i} of minute {minute}")
        {
            Level = level,
            Texts = texts,
        }));
        await (await Store.AppendAsync(batch, ++_sequence, CancellationToken.None));
    }

    /// <summary>Judges at the moment at which the windows that end on a minute are due.</summary>
    public async Task<AlertReport> JudgeAsync(AlertEngine engine, int minute)
    {
        var time = Start + TimeSpan.FromMinutes(minute) + Minutes.Grace;
        if (time > Clock.GetUtcNow())
        {
            Clock.SetUtcNow(time);
        }

        return await engine.EvaluateAsync(CancellationToken.None);
    }

    public async Task<RuleState> StateAsync(AlertRule rule) =>
        (await new StateValue<RuleState>(States, RuleEvaluator.KeyOf(rule.Name)).LoadAsync(CancellationToken.None)).Value;

    public static int MinuteOf(long time) => (int)(Minutes.Of(time) - FirstMinute);
}
