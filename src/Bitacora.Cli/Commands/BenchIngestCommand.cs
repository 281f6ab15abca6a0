using System.CommandLine;
using System.Text.Json;
using Bitacora.Cli.Answers;
using Bitacora.Cli.Measuring;
using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;
using Bitacora.Cli.Targets;

namespace Bitacora.Cli.Commands;

/// <summary><c>bitacora bench ingest</c>: how long a log takes, and how many a second are taken.</summary>
internal sealed class BenchIngestCommand : CliCommand
{
    private const int LogsOfTheOriginal = 1_000;
    private const int MostRecordsABatch = 10_000;

    private static readonly string[] Columns =
    [
        "bench", "records", "batch", "senders", "total_ms", "average_ms", "min_ms", "median_ms", "p95_ms", "p99_ms", "max_ms", "goal_ms",
        "met", "records_per_second", "stored_per_second", "not_stored",
    ];

    private readonly Option<int> _seconds = new("--seconds")
    {
        Description = "How long the sustained load lasts.",
        HelpName = "N",
        DefaultValueFactory = _ => 10,
    };

    private readonly Option<int> _batch = new("--batch")
    {
        Description = "Records that are sent at once.",
        HelpName = "N",
        DefaultValueFactory = _ => 250,
    };

    private readonly Option<int> _senders = new("--senders")
    {
        Description = "Senders of the sustained load, each with one batch on its way.",
        HelpName = "N",
        DefaultValueFactory = _ => 4,
    };

    private readonly FormatOption _format = new();
    private readonly TargetOptions _target = new();

    public BenchIngestCommand(Screen screen)
        : base(
            "ingest",
            $"Measure how fast records are stored. First {LogsOfTheOriginal:#,0} logs by one caller, beside the goal of less than 0.5 ms a "
                + "log; then several senders at once. The records are made up, have the source bitacora-bench, and stay. Ends with 1 "
                + "when the goal is missed.",
            screen,
            new Example("bench ingest", "the local server or directory"),
            new Example("bench ingest --contact-points db1,db2", "a cluster, with no server before it"),
            new Example("bench ingest --seconds 60 --senders 50 --batch 2", "many small senders"))
    {
        Add(_seconds);
        Add(_batch);
        Add(_senders);
        _format.AddTo(this);
        _target.AddTo(this);
        AtLeastOne.Require(_seconds);
        AtLeastOne.Require(_batch);
        AtLeastOne.Require(_senders);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (batch, senders) = (parsed.GetValue(_batch), parsed.GetValue(_senders));
        if (batch > MostRecordsABatch)
        {
            throw new CommandException($"--batch may be {MostRecordsABatch:#,0} at most.", null, ExitCode.WrongUsage);
        }

        var format = _format.Read(parsed);
        var target = await _target.ReadAsync(parsed, Screen, cancellationToken);
        await using var session = await new TargetResolver(Screen).OpenAsync(target, create: true, cancellationToken);
        var bench = new IngestBench(session.Client, Screen.Clock, batch);
        var calls = await bench.OneCallerAsync(LogsOfTheOriginal, cancellationToken);
        var isMet = calls.AverageMilliseconds < IngestBench.GoalMilliseconds;
        if (format == OutputFormat.Pretty)
        {
            Show(calls, isMet, batch);
        }

        Screen.Say("Sending, then waiting until the store has everything…");
        var result = await bench.SustainAsync(senders, TimeSpan.FromSeconds(parsed.GetValue(_seconds)), cancellationToken);
        if (format == OutputFormat.Pretty)
        {
            Show(result, senders, batch);
        }
        else
        {
            Write(AnswerWriters.Of(format, Screen, new AnswerShape { Columns = Columns }), calls, isMet, result, senders, batch);
        }

        Screen.Say(
            $"The records have the source {SampleSender.Source} and stay: bitacora search 'source={SampleSender.Source} | count'");
        if (target.Cluster is not null)
        {
            Screen.Say("Waiting until the cluster has them for good, so that nothing is left on this disk…");
            await session.SettleAsync(cancellationToken);
        }

        return isMet ? ExitCode.Done : ExitCode.Failed;
    }

    private void Show(Timings calls, bool isMet, int batch)
    {
        Screen.Out.WriteLine(
            $"{Numbers.Count(LogsOfTheOriginal)} logs by one caller; the call that fills a batch of {batch} waits for its acknowledgement");
        Screen.Out.WriteLine($"  total     {BenchMark.Milliseconds(calls.TotalMilliseconds)}");
        var goal = BenchMark.Milliseconds(IngestBench.GoalMilliseconds);
        Screen.Out.WriteLine(
            $"  average   {BenchMark.Milliseconds(calls.AverageMilliseconds)} a log, goal: < {goal}  {BenchMark.Of(Screen, isMet)}");
        Screen.Out.WriteLine(
            $"  a log     min {Of(0)}, median {Of(50)}, p95 {Of(95)}, p99 {Of(99)}, max {BenchMark.Milliseconds(calls.MaxMilliseconds)}");
        Screen.Out.Flush();

        string Of(double percent) => BenchMark.Milliseconds(calls.Percentile(percent));
    }

    private void Show(SustainedResult result, int senders, int batch)
    {
        var times = result.Acknowledgements;
        Screen.Out.WriteLine();
        Screen.Out.WriteLine($"{Numbers.Count(senders, "sender")} at once, batches of {batch}, {Numbers.Duration(result.Sending)}");
        Screen.Out.WriteLine(
            $"  acknowledged     {Numbers.Count(result.Records, "record")}, {Numbers.Count((long)result.RecordsASecond)} a second");
        Screen.Out.WriteLine(
            $"  acknowledgement  p50 {BenchMark.Milliseconds(times.Percentile(50))}, p99 {BenchMark.Milliseconds(times.Percentile(99))}, "
            + $"max {BenchMark.Milliseconds(times.MaxMilliseconds)}");
        Screen.Out.WriteLine(
            $"  in the store     {Numbers.Count((long)result.StoredASecond)} a second, all after {Numbers.Duration(result.Storing)}"
            + (result.NotStored > 0 ? $" but {Numbers.Count(result.NotStored, "record")}" : ""));
    }

    private static void Write(
        IAnswerWriter writer, Timings calls, bool isMet, SustainedResult result, int senders, int batch)
    {
        writer.Write(JsonSerializer.SerializeToUtf8Bytes(new
        {
            bench = "one caller",
            records = LogsOfTheOriginal,
            batch,
            total_ms = calls.TotalMilliseconds,
            average_ms = calls.AverageMilliseconds,
            min_ms = calls.Percentile(0),
            median_ms = calls.Percentile(50),
            p95_ms = calls.Percentile(95),
            p99_ms = calls.Percentile(99),
            max_ms = calls.MaxMilliseconds,
            goal_ms = IngestBench.GoalMilliseconds,
            met = isMet,
        }));
        var times = result.Acknowledgements;
        writer.Write(JsonSerializer.SerializeToUtf8Bytes(new
        {
            bench = "sustained",
            records = result.Records,
            batch,
            senders,
            total_ms = result.Sending.TotalMilliseconds,
            average_ms = times.AverageMilliseconds,
            min_ms = times.Percentile(0),
            median_ms = times.Percentile(50),
            p95_ms = times.Percentile(95),
            p99_ms = times.Percentile(99),
            max_ms = times.MaxMilliseconds,
            records_per_second = result.RecordsASecond,
            stored_per_second = result.StoredASecond,
            not_stored = result.NotStored,
        }));
        writer.End();
    }
}
