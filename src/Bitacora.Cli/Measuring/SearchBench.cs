using System.Text.Json;
using System.Text.RegularExpressions;
using Bitacora.Cli.Answers;
using Bitacora.Cli.Options;
using Bitacora.Client;

namespace Bitacora.Cli.Measuring;

/// <summary>Times the searches that people make most, on what is stored.</summary>
internal sealed partial class SearchBench(BitacoraClient client, TimeProvider clock, RangeChoice range, int runs)
{
    private const int PageRows = 100;

    // Nobody's id: where no record has one, a search for it still reads what a search for one would.
    private string _request = "00000000000000000000000000000000";

    /// <summary>Each search when it is done.</summary>
    /// <param name="text">What the search for a substring looks for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async IAsyncEnumerable<TimedSearch> RunAsync(
        string text, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var whole = new SearchRequest { Last = range.Last, From = range.From, To = range.To, TimeZone = range.Zone.Id, Limit = PageRows };
        yield return await TimeAsync("newest 100", whole, cancellationToken);
        yield return await TimeAsync(
            "ERROR of today", whole with { Query = "level:ERROR", Last = null, From = "today", To = null }, cancellationToken);
        yield return await TimeAsync("a request id", whole with { Query = $"request_id={_request}" }, cancellationToken);
        yield return await TimeAsync("a substring", whole with { Query = Quote(text) }, cancellationToken);
        yield return await TimeAsync("count by level", whole with { Query = "* | count by level", Limit = null }, cancellationToken);
    }

    /// <summary>Text as the query language takes it, whatever is in it.</summary>
    private static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private async Task<TimedSearch> TimeAsync(string name, SearchRequest request, CancellationToken cancellationToken)
    {
        var times = new TimeSpan[runs];
        var rows = 0;
        string? incomplete = null;
        for (var run = 0; run < runs; run++)
        {
            rows = 0;
            var began = clock.GetTimestamp();
            await foreach (var part in client.SearchAsync(request, cancellationToken))
            {
                switch (part)
                {
                    case SearchRow row:
                        rows++;
                        Remember(row.Json);
                        break;
                    case SearchEnd { Complete: false } end:
                        incomplete = string.Join("; ", end.Reasons);
                        break;
                }
            }

            times[run] = clock.GetElapsedTime(began);
        }

        return new TimedSearch(name, request, rows, incomplete, new Timings(times));
    }

    // Of the newest records the last is best: it is not the one that is found first.
    private void Remember(ReadOnlyMemory<byte> row)
    {
        using var json = JsonDocument.Parse(row);
        if (JsonText.Of(json.RootElement, "request_id") is { } id && PlainId().IsMatch(id))
        {
            _request = id;
        }
    }

    [GeneratedRegex("^[A-Za-z0-9_-]{1,128}$")]
    private static partial Regex PlainId();
}
