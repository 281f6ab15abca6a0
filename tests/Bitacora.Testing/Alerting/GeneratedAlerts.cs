using System.Runtime.CompilerServices;
using System.Text.Json;
using Bitacora.Alerting;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage;
using Bitacora.Testing.Queries;
using Bitacora.Testing.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Testing.Alerting;

/// <summary>
/// Random records, many of them late, and answers of which some are partial: a store raises the same alerts, with the same numbers and
/// lines, as the reference, whenever rules are judged. The reference judges each rule by itself, so that none shares counts with another.
/// </summary>
public sealed class GeneratedAlerts
{
    private const int Length = 30;
    private const int Latest = 20;

    private static readonly DateTimeOffset _start = RecordGenerator.Now.AddHours(-2);

    // Every kind of filter: by level alone, by names, of what no count knows, by all; every kind of condition.
    private static readonly AlertRule[] _rules =
    [
        new() { Name = "errors", Query = "level:ERROR", Condition = new(ConditionOperator.MoreThan, 10) },
        new() { Name = "flood", Query = "logger:*", Condition = new(ConditionOperator.MoreThan, 20), By = ["logger"] },
        new()
        {
            Name = "text", Query = "refused -source:cron", Condition = new(ConditionOperator.AtLeast, 3), By = ["source", "level"],
            Window = TimeSpan.FromMinutes(3),
        },
        new() { Name = "silent", Query = "source:cron", Condition = new(ConditionOperator.Absent, 0), Window = TimeSpan.FromMinutes(2) },
        new()
        {
            Name = "few", Query = "level>=WARNING NOT logger:\"a|b\"", Condition = new(ConditionOperator.LessThan, 4), By = ["logger"],
            For = TimeSpan.FromMinutes(2),
        },
        new() { Name = "some", Query = "layer:infrastructure", Condition = new(ConditionOperator.Equal, 7), By = ["host"] },
    ];

    private readonly Random _random;
    private readonly TestBatches _batches = new(new FakeTimeProvider(_start.AddDays(1)));
    private readonly bool[] _isPartial;

    private GeneratedAlerts(int seed)
    {
        _random = new Random(seed);
        _isPartial = [.. Enumerable.Range(0, Length + Latest + 1).Select(minute => minute > 0 && _random.Next(6) == 0)];
    }

    /// <summary>Compares a store with the reference.</summary>
    /// <param name="open">Opens the empty store.</param>
    /// <param name="seed">Which records, and which answers are partial.</param>
    public static async Task CheckAsync(Func<Task<IGeneratedStore>> open, int seed)
    {
        ArgumentNullException.ThrowIfNull(open);
        await using var store = await open();
        await new GeneratedAlerts(seed).CheckAsync(store, $"seed {seed}");
    }

    private async Task CheckAsync(IGeneratedStore store, string seed)
    {
        var clock = new FakeTimeProvider(_start);
        await using var memory = new MemoryLogStore(clock);
        var minute = 0;
        bool IsPartial() => _isPartial[minute];
        AlertEngine[] alone = [.. _rules.Select(rule => Engine(memory, clock, IsPartial, rule))];
        using var together = Engine(store.Store, clock, IsPartial, _rules);
        var arriving = Records().ToLookup(record => record.Arrival, record => record.Record);
        var kinds = new HashSet<AlertKind>();
        for (ulong sequence = 0; minute <= Length + Latest; minute++)
        {
            if (arriving[minute].Any())
            {
                var batch = _batches.Of(arriving[minute]);
                await memory.AppendAsync(batch, ++sequence, CancellationToken.None);
                await store.AppendAsync(batch, sequence, minute == Length / 2);
            }

            clock.SetUtcNow(_start.AddMinutes(minute) + TimeSpan.FromSeconds(15));
            var expected = new List<AlertReport>();
            foreach (var engine in alone)
            {
                expected.Add(await engine.EvaluateAsync(CancellationToken.None));
            }

            var report = await together.EvaluateAsync(CancellationToken.None);
            Texts(report).ShouldBe(expected.SelectMany(Texts), $"{seed}, minute {minute}");
            Problems([report]).ShouldBe(Problems(expected), $"{seed}, minute {minute}");
            report.Problems.Any().ShouldBe(IsPartial(), $"{seed}, minute {minute}");
            kinds.UnionWith(report.Raised.Where(one => one.Rule != AlertSettings.BuiltInRule).Select(one => one.Kind));
        }

        Array.ForEach(alone, engine => engine.Dispose());
        kinds.Order().ToArray().ShouldBe(new[] { AlertKind.Fired, AlertKind.Late, AlertKind.Resolved }, seed);
    }

    /// <summary>Records in the order of their arrival, in the minute before which they are there.</summary>
    private IEnumerable<(int Arrival, TestRecord Record)> Records()
    {
        for (var minute = 0; minute < Length; minute++)
        {
            for (var count = _random.Next(minute % 8 == 7 ? 60 : 12); count > 0; count--)
            {
                var delay = _random.Next(5) == 0 ? _random.Next(Latest) : 0;
                yield return (minute + delay + 1, Record(minute));
            }
        }
    }

    private TestRecord Record(int minute)
    {
        var texts = new Dictionary<NamedField, string> { [NamedField.Source] = _random.Next(3) == 0 ? "cron" : "shop" };
        if (_random.Next(4) > 0)
        {
            texts[NamedField.Logger] = _random.Next(4) switch { 0 => "a|b", 1 => "50%", 2 => "Ñandú", _ => "shop.db" };
        }

        if (_random.Next(2) == 0)
        {
            texts[NamedField.Host] = $"web-{_random.Next(2)}";
        }

        var time = RecordTime.From(_start) + _random.NextInt64(minute * TimeSpan.TicksPerMinute, (minute + 1) * TimeSpan.TicksPerMinute);
        return new TestRecord(time, $"{(_random.Next(3) == 0 ? "Refused" : "taken")} {minute}")
        {
            Level = (Level)_random.Next(6),
            Layer = (Layer)_random.Next(2),
            Texts = texts,
        };
    }

    private static AlertEngine Engine(ILogStore store, TimeProvider clock, Func<bool> isPartial, params AlertRule[] rules)
    {
        AskStore ask = (query, options, cancellationToken) => AskAsync(store, isPartial, query, options, cancellationToken);
        return new AlertEngine(
            new AlertSettings { Rules = rules }, ask, new MemoryStateStore(clock), TextWriter.Null, clock, new Random(1));
    }

    // Whatever a partial answer leaves out: here nothing, so that all have the same.
    private static async IAsyncEnumerable<AnswerPart> AskAsync(
        ILogStore store, Func<bool> isPartial, LogQuery query, QueryOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var part in store.QueryAsync(query, options, cancellationToken))
        {
            yield return part is AnswerEnd end && isPartial()
                ? end with { Completeness = Completeness.Partial("deadline", "some of it was not read") }
                : part;
        }
    }

    private static IEnumerable<string> Problems(IEnumerable<AlertReport> reports) =>
        reports.SelectMany(report => report.Problems).Select(problem => $"{problem}").Distinct().Order(StringComparer.Ordinal);

    // Of what goes wrong one engine makes one alert, six make six.
    private static IEnumerable<string> Texts(AlertReport report) =>
        report.Raised.Where(one => one.Rule != AlertSettings.BuiltInRule).Select(one => JsonSerializer.Serialize(one));
}
