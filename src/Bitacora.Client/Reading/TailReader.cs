using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Bitacora.Client.Problems;
using Bitacora.Client.Sending;
using Bitacora.Records;

namespace Bitacora.Client.Reading;

/// <summary>
/// Follows <c>/api/tail</c>. When the connection breaks it connects again and asks for what was stored since a little before the newest
/// record that came; what had come already is passed over by its id.
/// </summary>
internal sealed class TailReader(HttpClient http, ClientOptions options, TimeProvider clock, Random random)
{
    // Records arrive a little out of order; what is older than this when the connection breaks may be missed, and a gap says so.
    private const long Overlap = 60 * RecordTime.Second;
    private const int Remembered = 16_384;

    private readonly RecentIds _seen = new(Remembered);
    private long _newest;

    // Whether the break was told already; one outage is told once, however often it is tried.
    private bool _away;

    public async IAsyncEnumerable<SearchPart> TailAsync(
        string query, string? from, string? zone, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _newest = RecordTime.Now(clock);
        var delay = new RetryDelay(options.LongestDelay, random);
        for (var connected = false; ; from = RecordTime.Format(_newest - Overlap))
        {
            BitacoraClientException? fault = null;
            var parts = ConnectAsync(query, from, zone, cancellationToken).GetAsyncEnumerator(cancellationToken);
            await using (parts.ConfigureAwait(false))
            {
                while (fault is null)
                {
                    try
                    {
                        if (!await parts.MoveNextAsync().ConfigureAwait(false))
                        {
                            break;
                        }
                    }
                    catch (BitacoraClientException e) when (e.IsTransient && connected)
                    {
                        fault = e;
                        continue;
                    }

                    connected = true;
                    delay.Reset();
                    if (parts.Current is { } part)
                    {
                        yield return part;
                    }
                }
            }

            if (fault is not ServerRefusedException && !_away)
            {
                _away = true;
                yield return new SearchGap(0);
            }

            await Task.Delay(delay.Next((fault as ServerRefusedException)?.RetryAfter), clock, cancellationToken).ConfigureAwait(false);
        }
    }

    // Yields null once it is connected.
    private async IAsyncEnumerable<SearchPart?> ConnectAsync(
        string query, string? from, string? zone, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address.OfTail(query, from, zone));
        request.Headers.Accept.ParseAdd("text/event-stream");
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            // A connection that breaks because the caller gave up is no fault of the server's.
            cancellationToken.ThrowIfCancellationRequested();
            throw Unreachable.From(http.BaseAddress!, e);
        }

        using (response)
        {
            if (!response.IsSuccessStatusCode)
            {
                throw await ProblemReader.ReadAsync(response, cancellationToken).ConfigureAwait(false);
            }

            _away = false;
            yield return null;
            using var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            var events = SseParser.Create(stream, (_, data) => data.ToArray()).EnumerateAsync(cancellationToken)
                .GetAsyncEnumerator(cancellationToken);
            await using (events.ConfigureAwait(false))
            {
                while (await NextAsync(events, cancellationToken).ConfigureAwait(false))
                {
                    if (PartOf(events.Current) is { } part)
                    {
                        yield return part;
                    }
                }
            }
        }
    }

    private async ValueTask<bool> NextAsync(IAsyncEnumerator<SseItem<byte[]>> events, CancellationToken cancellationToken)
    {
        try
        {
            return await events.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Unreachable.From(http.BaseAddress!, e);
        }
    }

    private SearchPart? PartOf(SseItem<byte[]> item)
    {
        if (item.Data.Length == 0)
        {
            return null;
        }

        using var json = JsonDocument.Parse(item.Data);
        if (item.EventType == "gap")
        {
            return new SearchGap(json.RootElement.TryGetProperty("records", out var records) ? records.GetInt64() : 0);
        }

        if (json.RootElement.TryGetProperty("time", out var time) && time.TryGetDateTimeOffset(out var at))
        {
            _newest = Math.Max(_newest, RecordTime.From(at));
        }

        var again = json.RootElement.TryGetProperty("id", out var id) && !_seen.Add(id.GetString() ?? "");
        return again ? null : new SearchRow(item.Data);
    }
}
