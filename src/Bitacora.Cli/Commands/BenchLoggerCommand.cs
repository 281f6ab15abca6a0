using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Bitacora.Cli.Answers;
using Bitacora.Cli.Measuring;
using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;
using Bitacora.Cli.Targets;

namespace Bitacora.Cli.Commands;

/// <summary><c>bitacora bench logger</c>: what a log call of a .NET application costs.</summary>
internal sealed class BenchLoggerCommand : CliCommand
{
    private const int LogsOfTheOriginal = 1_000;

    private static readonly string[] Columns = ["bench", "value", "unit", "goal", "met"];

    private readonly Option<int> _seconds = new("--seconds")
    {
        Description = "How long two threads log 50,000 a second, to the target and to nothing.",
        HelpName = "N",
        DefaultValueFactory = _ => 5,
    };

    private readonly FormatOption _format = new();
    private readonly TargetOptions _target = new();

    public BenchLoggerCommand(Screen screen)
        : base(
            "logger",
            $"Measure what logging costs a .NET application. First {LogsOfTheOriginal:#,0} logs by one caller, beside the goal of less "
                + "than 0.5 ms a log; then the cost of a call with three values in a scope, of two threads that never pause, of two with "
                + "50,000 logs a second, of a refused call, and a million logs in a second into the spool. The records have the source "
                + "bitacora-bench, and stay. Ends with 1 when the first goal is missed.",
            screen,
            new Example("bench logger", "to the local server or directory"),
            new Example("bench logger --seconds 30 --format json", "longer, for a program to read"))
    {
        Add(_seconds);
        _format.AddTo(this);
        _target.AddTo(this);
        AtLeastOne.Require(_seconds);
    }

    /// <summary>
    /// Whether the runtime optimises by what it sees, as it does in applications unless they forbid it. This program forbids it,
    /// to start sooner, and the goal is one for applications.
    /// </summary>
    private static bool HasProfile => !AppContext.TryGetSwitch("System.Runtime.TieredPGO", out var isOn) || isOn;

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var format = _format.Read(parsed);
        var target = await _target.ReadAsync(parsed, Screen, cancellationToken);
        await using var session = await new TargetResolver(Screen).OpenAsync(target, create: true, cancellationToken);
        var bench = new LoggerBench(Screen.Clock);
        var rows = new List<Row>();
        var (calls, total, counts) = await bench.OneCallerAsync(session.Client, LogsOfTheOriginal, cancellationToken);
        if (format == OutputFormat.Pretty)
        {
            Show(calls, total, counts);
        }

        rows.Add(new("1,000 logs, all stored", total.TotalMilliseconds, "ms", null));
        rows.Add(new("1,000 logs, a call on average", calls.AverageMilliseconds, "ms", LoggerBench.GoalMilliseconds));
        Screen.Say("Measuring calls, load, refusals and the spool…");
        rows.AddRange(await MeasureAsync(bench, session, TimeSpan.FromSeconds(parsed.GetValue(_seconds)), cancellationToken));
        if (format == OutputFormat.Pretty)
        {
            Show(rows.Skip(2));
        }
        else
        {
            var writer = AnswerWriters.Of(format, Screen, new AnswerShape { Columns = Columns });
            foreach (var row in rows)
            {
                writer.Write(JsonSerializer.SerializeToUtf8Bytes(
                    new { bench = row.Name, value = row.Value, unit = row.Unit, goal = row.Goal, met = row.IsMet }));
            }

            writer.End();
        }

        return calls.AverageMilliseconds < LoggerBench.GoalMilliseconds ? ExitCode.Done : ExitCode.Failed;
    }

    private async Task<List<Row>> MeasureAsync(
        LoggerBench bench, Session session, TimeSpan length, CancellationToken cancellationToken)
    {
        var (call, bytes) = await LoggerBench.CallAsync(session.Client, cancellationToken);
        var processor = await LoggerBench.ProcessorAsync(length, cancellationToken);
        var (flatOut, full) = await LoggerBench.FlatOutAsync(cancellationToken);
        var lost = await LoggerBench.LoadAsync(session.Client, length, cancellationToken);
        var refusal = LoggerBench.Refusal();
        var directory = Directory.CreateTempSubdirectory("bitacora-bench-").FullName;
        try
        {
            var (logging, dropped) = await bench.SpoolAsync(directory, cancellationToken);
            return
            [
                new("a call, 3 values in a scope, median", call, "ns", 250), new("garbage of a call", bytes, "bytes", 0),
                new("2 threads, 50,000/s: processor a log", processor.TotalMicroseconds, "µs", HasProfile ? 0.7 : null),
                new("2 threads without a pause: p99.9", flatOut.Percentile(99.9) * 1e6, "ns", 2000),
                new("of their 1,000,000 calls refused", full, "logs", null),
                new("2 threads, 50,000/s, all stored: dropped", lost, "logs", 0),
                new("a call that the full queue refuses", refusal, "ns", 150),
                new("1,000,000 logs into the spool", logging.TotalMilliseconds, "ms", null),
                new("of these dropped", dropped, "logs", 0),
            ];
        }
        finally
        {
            Remove(directory);
        }
    }

    // On a busy machine the provider may still write there when its time to end is over: what was measured is told all the same.
    private void Remove(string directory)
    {
        try
        {
            Directory.Delete(directory, recursive: true);
        }
        catch (IOException e)
        {
            Screen.Note($"{directory} was for this measurement and could not be deleted: {e.Message}");
        }
    }

    private void Show(Timings calls, TimeSpan total, Client.LogStatistics counts)
    {
        var isMet = calls.AverageMilliseconds < LoggerBench.GoalMilliseconds;
        var goal = BenchMark.Milliseconds(LoggerBench.GoalMilliseconds);
        Screen.Out.WriteLine($"{Numbers.Count(LogsOfTheOriginal)} logs by one caller");
        Screen.Out.WriteLine($"  total     {BenchMark.Milliseconds(total.TotalMilliseconds)}, until all are stored");
        Screen.Out.WriteLine(
            $"  average   {BenchMark.Milliseconds(calls.AverageMilliseconds)} a log, goal: < {goal}  {BenchMark.Of(Screen, isMet)}");
        Screen.Out.WriteLine(
            $"  a log     median {Of(50)}, p95 {Of(95)}, p99 {Of(99)}, max {BenchMark.Milliseconds(calls.MaxMilliseconds)}");
        Screen.Out.WriteLine(
            $"  counts    queued {Numbers.Count(counts.LogsQueued)}, written {Numbers.Count(counts.LogsWritten)}, "
            + $"dropped {Numbers.Count(counts.LogsDropped)}, {Numbers.Count(counts.Batches, "batch", "batches")}, "
            + $"{Numbers.Count(counts.Errors, "error")}");
        Screen.Out.Flush();

        string Of(double percent) => BenchMark.Milliseconds(calls.Percentile(percent));
    }

    private void Show(IEnumerable<Row> rows)
    {
        Screen.Out.WriteLine();
        foreach (var row in rows)
        {
            var value = row.Value.ToString(row.Value < 10 ? "0.##" : "#,0", CultureInfo.InvariantCulture);
            var goal = row.Goal is { } most ? $", goal: ≤ {most:#,0.##}  {BenchMark.Of(Screen, row.IsMet is true)}" : "";
            Screen.Out.WriteLine($"  {row.Name,-40}{value} {row.Unit}{goal}");
        }
    }

    private sealed record Row(string Name, double Value, string Unit, double? Goal)
    {
        public bool? IsMet => Goal is { } goal ? Value <= goal : null;
    }
}
