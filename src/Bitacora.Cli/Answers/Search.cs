using Bitacora.Cli.Commands;
using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;
using Bitacora.Client;
using Bitacora.Query;

namespace Bitacora.Cli.Answers;

/// <summary>
/// One search from the question to the last row: asks page after page, writes rows as they come, says the rest on standard error.
/// </summary>
internal sealed class Search(Screen screen, string query, RangeChoice range, OutputFormat format)
{
    public const int DefaultLimit = 1000;

    private LogQuery? _parsed;
    private long _rows;

    /// <summary>The most rows or groups that are shown, where that was said; else 1,000 rows, and all groups.</summary>
    public long? Limit { get; init; }

    public bool Explain { get; init; }

    private long Most => Limit ?? (_parsed is { IsPaged: true } ? DefaultLimit : long.MaxValue);

    /// <summary>Reads the query here, so that a fault in it is told before a server is looked for.</summary>
    /// <exception cref="QuerySyntaxException">It cannot be understood.</exception>
    public void Check() => _parsed = QueryParser.Parse(query, new QueryContext
    {
        Now = screen.Clock.GetUtcNow(),
        Zone = range.Zone,
        Last = range.Last,
        From = range.From,
        To = range.To,
    });

    public async Task<int> RunAsync(BitacoraClient client, CancellationToken cancellationToken)
    {
        var parsed = _parsed ?? throw new InvalidOperationException("Check comes first.");
        var paged = parsed.IsPaged;
        var writer = AnswerWriters.Of(format, screen.In(range.Zone), AnswerShape.Of(parsed));
        SearchEnd? end = null;
        try
        {
            do
            {
                end = await PageAsync(client, writer, paged, end?.Cursor, cancellationToken);
            }
            while (end.Complete && end.Cursor is not null && paged && _rows < Most);
        }
        finally
        {
            // What came before a fault or Ctrl-C is shown.
            writer.End();
            await screen.Out.FlushAsync(CancellationToken.None);
        }

        return Conclude(end, paged);
    }

    private async Task<SearchEnd> PageAsync(
        BitacoraClient client, IAnswerWriter writer, bool paged, string? cursor, CancellationToken cancellationToken)
    {
        var request = new SearchRequest
        {
            Query = query,
            Last = range.Last,
            From = range.From,
            To = range.To,
            TimeZone = range.Zone.Id,
            Limit = paged ? (int)Math.Min(Most - _rows, QueryContext.MaximumPageSize) : null,
            Cursor = cursor,
            Explain = Explain && cursor is null,
        };
        await foreach (var part in client.SearchAsync(request, cancellationToken))
        {
            switch (part)
            {
                case SearchRow row:
                    Show(writer, row.Json);
                    break;
                case SearchEnd end:
                    Tell(end, first: cursor is null);
                    return end;
            }
        }

        throw new BitacoraClientException("The server's answer has no end; is it of another version?");
    }

    private void Show(IAnswerWriter writer, ReadOnlyMemory<byte> row)
    {
        _rows++;
        if (_rows > Most)
        {
            return;
        }

        writer.Write(row);
        if (screen.OutIsTerminal)
        {
            // Somebody waits for the first row, and the next may take long to be found.
            screen.Out.Flush();
        }
    }

    private void Tell(SearchEnd end, bool first)
    {
        if (!first)
        {
            return;
        }

        // Data first, so that talk does not stand in the middle of it on a terminal.
        screen.Out.Flush();
        foreach (var note in end.Notes)
        {
            screen.Note(note);
        }

        if (Explain)
        {
            Explanation.Write(screen, end.Json);
        }
    }

    private int Conclude(SearchEnd end, bool paged)
    {
        if (_rows == 0 && end.Complete && end.Notes.Count == 0)
        {
            screen.Say($"Nothing found{RangeOf(end)}.");
        }
        else if (_rows == 0 && end.Complete)
        {
            screen.Say($"Nothing found{RangeOf(end)}; see above.");
        }
        else if (end.Complete && (_rows > Most || (paged && end.Cursor is not null && _rows == Most)))
        {
            var rows = $"{(Most == 1 ? "this" : "these")} {Numbers.Count(Most, "row")}";
            screen.Note($"there are more than {rows}; --limit N shows more of them, --all shows all");
        }

        if (end.Complete)
        {
            return ExitCode.Done;
        }

        screen.Error.WriteLine($"{screen.ErrorColours.Yellow("partial answer:")} {SafeText.Escape(string.Join("; ", end.Reasons))}");
        return ExitCode.Partial;
    }

    private string RangeOf(SearchEnd end) =>
        LocalTime.TryRead(end.From, out var from) && LocalTime.TryRead(end.To, out var to)
            ? $" from {LocalTime.Short(from, range.Zone)} to {LocalTime.Short(to, range.Zone)} ({range.Zone.Id})"
            : "";
}
