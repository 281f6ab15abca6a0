using System.Runtime.CompilerServices;
using System.Text.Json;
using Bitacora.Client.Problems;

namespace Bitacora.Client.Reading;

/// <summary>Asks <c>/api/search</c> and reads its lines as they arrive.</summary>
internal sealed class AnswerReader(HttpClient http, ClientOptions options)
{
    // A value of a row is never an object but under "attributes", so this is the last line and nothing else.
    private static ReadOnlySpan<byte> EndPrefix => "{\"answer\":"u8;

    public async IAsyncEnumerable<SearchPart> SearchAsync(
        SearchRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, Address.OfSearch(request));
        using var response = await AskAsync(message, cancellationToken).ConfigureAwait(false);
        using var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var lines = LineReader.ReadAsync(stream, options.LineBytes, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (lines.ConfigureAwait(false))
        {
            while (await NextAsync(lines, cancellationToken).ConfigureAwait(false))
            {
                if (TryReadEnd(lines.Current, out var end))
                {
                    yield return end;
                    yield break;
                }

                yield return new SearchRow(lines.Current);
            }
        }

        throw new ServerUnreachableException($"The answer of {http.BaseAddress} broke off before its end.");
    }

    private async Task<HttpResponseMessage> AskAsync(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        try
        {
            var response = await http
                .SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                throw await ProblemReader.ReadAsync(response, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Unreachable.From(http.BaseAddress!, e);
        }
    }

    private async ValueTask<bool> NextAsync(IAsyncEnumerator<ReadOnlyMemory<byte>> lines, CancellationToken cancellationToken)
    {
        try
        {
            do
            {
                if (!await lines.MoveNextAsync().ConfigureAwait(false))
                {
                    return false;
                }
            }
            while (lines.Current.IsEmpty);

            return true;
        }
        catch (Exception e) when (e is HttpRequestException or IOException && !cancellationToken.IsCancellationRequested)
        {
            throw Unreachable.From(http.BaseAddress!, e);
        }
    }

    private static bool TryReadEnd(ReadOnlyMemory<byte> line, out SearchEnd end)
    {
        end = null!;
        if (!line.Span.StartsWith(EndPrefix))
        {
            return false;
        }

        using var json = JsonDocument.Parse(line);
        var answer = json.RootElement.GetProperty("answer");
        if (answer.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        end = new SearchEnd
        {
            Complete = answer.TryGetProperty("complete", out var complete) && complete.ValueKind == JsonValueKind.True,
            Reasons = Sentences(answer, "reasons"),
            Notes = Sentences(answer, "notes"),
            Cursor = Text(answer, "cursor"),
            From = Text(answer, "from"),
            To = Text(answer, "to"),
            Json = line,
        };
        return true;
    }

    private static string[] Sentences(JsonElement answer, string name) =>
        answer.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(Sentence)]
            : [];

    private static string Sentence(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            return item.ToString();
        }

        var text = Text(item, "text") ?? item.ToString();
        return Text(item, "repair") is { } repair ? $"{text.TrimEnd('.')}; perhaps you mean: {repair}" : text;
    }

    private static string? Text(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
