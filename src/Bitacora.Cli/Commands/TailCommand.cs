using System.CommandLine;
using Bitacora.Cli.Answers;
using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;
using Bitacora.Cli.Targets;
using Bitacora.Client;
using Bitacora.Query;

namespace Bitacora.Cli.Commands;

/// <summary><c>bitacora tail</c>: shows records as they are stored.</summary>
internal sealed class TailCommand : CliCommand
{
    private readonly QueryArgument _query = new();
    private readonly FormatOption _format = new();
    private readonly TargetOptions _target = new();
    private readonly Option<string?> _from = new("--from")
    {
        Description = "Begin with what is stored since: -15m, today, 2024-05-01T14:30.",
        HelpName = "TIME",
    };

    private readonly ZoneOption _zone = new();

    public TailCommand(Screen screen)
        : base(
            "tail",
            "Show records as they are stored, until Ctrl-C. Needs a server; connects again when it was away.",
            screen,
            new Example("tail", "everything"),
            new Example("tail 'source:shop level>=WARNING'", "what matters of one service"),
            new Example("tail 'source:shop' --from -15m", "the last quarter of an hour first"),
            new Example("tail --format json | jq .message", "for programs"))
    {
        _from.CompletionSources.Add("-15m", "-1h", "today");
        _query.AddTo(this);
        Add(_from);
        _zone.AddTo(this);
        _format.AddTo(this);
        _target.AddTo(this);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (query, format) = (_query.Read(parsed), _format.Read(parsed));
        var (from, zone) = (parsed.GetValue(_from), _zone.Read(parsed, Screen));
        var read = QueryParser.Parse(query, new QueryContext { Now = Screen.Clock.GetUtcNow(), Zone = zone, From = from });
        if (read.Aggregate is not null || read.Sort.Count > 0 || read.Limit is not null)
        {
            throw new CommandException(
                "A tail has no end, so it cannot count, sort or limit.", "Use `bitacora search`, or only the stage 'fields'.",
                ExitCode.WrongUsage);
        }

        var target = await _target.ReadAsync(parsed, Screen, cancellationToken);
        using var client = await new TargetResolver(Screen).ServerAsync(
            target, "so nothing can be stored there while somebody looks.", cancellationToken);
        var writer = WriterOf(format, Screen.In(zone), AnswerShape.Of(read));
        await FollowAsync(client.TailAsync(query, from, zone.Id, cancellationToken), writer, cancellationToken);
        return ExitCode.Done;
    }

    // Columns of a table need all rows; a tail has no end, so its chosen fields come as CSV.
    private static IAnswerWriter WriterOf(OutputFormat format, Screen screen, AnswerShape shape) =>
        AnswerWriters.Of(format == OutputFormat.Pretty && !shape.IsRecords ? OutputFormat.Csv : format, screen, shape);

    /// <summary>Nothing more is at hand: shows what there is.</summary>
    private async Task ShowWhileWaitingAsync(Task next, CancellationTokenSource ends)
    {
        try
        {
            await Screen.Out.FlushAsync(ends.Token);
        }
        catch
        {
            // Whoever read is gone. The parts can be let go of only once none is waited for.
            await ends.CancelAsync();
            await next.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    private async Task FollowAsync(IAsyncEnumerable<SearchPart> tail, IAnswerWriter writer, CancellationToken cancellationToken)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var parts = tail.GetAsyncEnumerator(ends.Token);
        await using (parts)
        {
            while (true)
            {
                var next = parts.MoveNextAsync().AsTask();
                if (!next.IsCompleted)
                {
                    await ShowWhileWaitingAsync(next, ends);
                }

                if (!await next)
                {
                    return;
                }

                switch (parts.Current)
                {
                    case SearchRow row:
                        writer.Write(row.Json);
                        break;
                    case SearchGap { Records: 0 }:
                        Screen.Note("the connection to the server broke; trying to connect again");
                        break;
                    case SearchGap gap:
                        var passed = Numbers.Count(gap.Records, "record was", "records were");
                        Screen.Note($"{passed} passed over: more came than could be shown");
                        break;
                }
            }
        }
    }
}
