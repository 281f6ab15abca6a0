using System.CommandLine;
using System.Text.Json;
using Bitacora.Cli.Answers;
using Bitacora.Cli.Measuring;
using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;
using Bitacora.Cli.Targets;

namespace Bitacora.Cli.Commands;

/// <summary><c>bitacora bench search</c>: how long the usual searches take.</summary>
internal sealed class BenchSearchCommand : CliCommand
{
    private static readonly string[] Columns =
        ["search", "query", "runs", "rows", "median_ms", "max_ms", "goal_ms", "met", "incomplete"];

    private readonly Option<long?> _fill = new("--fill")
    {
        Description = "First store N made-up records, spread over the last 24 hours. They stay.",
        HelpName = "N",
    };

    private readonly Option<int> _runs = new("--runs")
    {
        Description = "How often each search is made; the slowest counts.",
        HelpName = "N",
        DefaultValueFactory = _ => 5,
    };

    private readonly Option<string> _text = new("--text")
    {
        Description = "The substring that is searched.",
        HelpName = "TEXT",
        DefaultValueFactory = _ => "timeout",
    };

    private readonly RangeOptions _range = new();
    private readonly FormatOption _format = new();
    private readonly TargetOptions _target = new();

    public BenchSearchCommand(Screen screen)
        : base(
            "search",
            "Time the usual searches on what is stored. The newest 100, ERROR of today, a request id, a substring, a count by level, each "
                + "beside the goal of 1 s. Ends with 1 when one misses it, with 3 when an answer was partial.",
            screen,
            new Example("bench search", "what is stored of the last 24 hours"),
            new Example("bench search --fill 1000000 --data /tmp/bench", "a million made-up records, in a new directory"),
            new Example("bench search --contact-points db1,db2 --last 7d --text refused", "a cluster, with no server before it"))
    {
        Add(_fill);
        Add(_runs);
        Add(_text);
        _range.AddTo(this);
        _format.AddTo(this);
        _target.AddTo(this);
        AtLeastOne.Require(_fill);
        AtLeastOne.Require(_runs);
        _text.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: "" }])
            {
                result.AddError("--text must not be empty.");
            }
        });
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (fill, runs, format) = (parsed.GetValue(_fill), parsed.GetValue(_runs), _format.Read(parsed));
        var range = _range.Read(parsed, Screen);
        var target = await _target.ReadAsync(parsed, Screen, cancellationToken);
        await using var session = await new TargetResolver(Screen).OpenAsync(target, create: fill is not null, cancellationToken);
        if (fill is { } records)
        {
            await FillAsync(session, records, cancellationToken);
        }

        var bench = new SearchBench(session.Client, Screen.Clock, range, runs);
        List<TimedSearch> searches = [];
        await foreach (var search in bench.RunAsync(parsed.GetRequiredValue(_text), cancellationToken))
        {
            searches.Add(search);
        }

        Write(searches, runs, format);
        if (fill is not null && target.Cluster is not null)
        {
            Screen.Say("Waiting until the cluster has them for good, so that nothing is left on this disk…");
            await session.SettleAsync(cancellationToken);
        }

        return searches.Exists(search => search.Incomplete is not null) ? ExitCode.Partial
            : searches.TrueForAll(search => search.IsMet) ? ExitCode.Done : ExitCode.Failed;
    }

    private async Task FillAsync(Session session, long records, CancellationToken cancellationToken)
    {
        var began = Screen.Clock.GetTimestamp();
        var left = await new SampleFill(session.Client, Screen.Clock).RunAsync(records, Tell, cancellationToken);
        Erase();
        Screen.Say(
            $"Stored {Numbers.Count(records, "record")} with the source {SampleSender.Source} in "
            + $"{Numbers.Duration(Screen.Clock.GetElapsedTime(began))}; they stay.");
        if (left > 0)
        {
            Screen.Note($"{Numbers.Count(left, "record")} are still on the way to the cluster");
        }

        void Tell(long sent)
        {
            if (Screen.ErrorIsTerminal)
            {
                Screen.Error.Write($"\r{Numbers.Count(sent)} of {Numbers.Count(records)}\e[K");
            }
        }

        void Erase()
        {
            if (Screen.ErrorIsTerminal)
            {
                Screen.Error.Write("\r\e[K");
            }
        }
    }

    private void Write(List<TimedSearch> searches, int runs, OutputFormat format)
    {
        if (format == OutputFormat.Pretty)
        {
            Show(searches, runs);
            return;
        }

        var writer = AnswerWriters.Of(format, Screen, new AnswerShape { Columns = Columns });
        foreach (var search in searches)
        {
            writer.Write(JsonSerializer.SerializeToUtf8Bytes(new
            {
                search = search.Name,
                query = search.Request.Query,
                runs,
                rows = search.Rows,
                median_ms = search.Times.Percentile(50),
                max_ms = search.Times.MaxMilliseconds,
                goal_ms = TimedSearch.GoalMilliseconds,
                met = search.IsMet,
                incomplete = search.Incomplete,
            }));
        }

        writer.End();
    }

    private void Show(List<TimedSearch> searches, int runs)
    {
        var table = new TextTable(
            ["search", "rows", "median", "slowest", "goal: < 1 s", "query"], [false, true, true, true, false, false]);
        foreach (var search in searches)
        {
            table.Add(
                search.Name, Numbers.Count(search.Rows), BenchMark.Milliseconds(search.Times.Percentile(50)),
                BenchMark.Milliseconds(search.Times.MaxMilliseconds), search.IsMet ? "[OK]" : "[FAIL]",
                SafeText.Escape(search.Request.Query));
        }

        table.Write(Screen.Out, Screen.OutColours, Screen.Width);
        foreach (var search in searches.Where(search => search.Incomplete is not null))
        {
            Screen.Note($"{search.Name}: partial: {search.Incomplete}");
        }

        Screen.Say($"Each {Numbers.Count(runs, "time")}, one after another; the first one is cold.");
    }
}
