using System.Net;
using System.Text.Json;

namespace Bitacora.Client.Problems;

/// <summary>Reads RFC 9457 problem details, and makes do with whatever else an answer holds.</summary>
internal static class ProblemReader
{
    private const int ProblemBytes = 64 << 10;

    public static async Task<ServerRefusedException> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var (code, text) = ("", $"The server answered {(int)response.StatusCode} {response.ReasonPhrase}.");
        try
        {
            var body = await BoundedBody.ReadAsync(response.Content, ProblemBytes, cancellationToken).ConfigureAwait(false);
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
            {
                code = Text(json.RootElement, "code") ?? "";
                text = Text(json.RootElement, "detail") ?? Text(json.RootElement, "title") ?? text;
            }
        }
        catch (Exception e) when (e is JsonException or BitacoraClientException)
        {
            // No problem details: the status says what there is to say.
        }

        return new ServerRefusedException(response.StatusCode, code, text, RetryAfter(response));
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        if (response.Headers.RetryAfter is not { } wish || response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        var wait = wish.Delta ?? (wish.Date - response.Headers.Date);
        return wait is { } span && span > TimeSpan.Zero ? TimeSpan.FromTicks(Math.Min(span.Ticks, TimeSpan.TicksPerMinute)) : null;
    }

    private static string? Text(JsonElement problem, string name) =>
        problem.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
