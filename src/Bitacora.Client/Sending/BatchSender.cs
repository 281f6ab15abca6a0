using System.Net.Http.Headers;
using System.Text.Json;
using Bitacora.Client.Problems;
using Bitacora.Records;

namespace Bitacora.Client.Sending;

/// <summary>Sends a frozen batch until it is acknowledged or definitely refused. Every attempt sends the same bytes.</summary>
internal sealed class BatchSender(HttpClient http, ClientOptions options, TimeProvider clock, Random random)
{
    public const string MediaType = "application/vnd.bitacora.batch";

    private const int AnswerBytes = 1 << 20;

    public async Task<SendResult> SendAsync(RecordBatch batch, CancellationToken cancellationToken)
    {
        var delay = new RetryDelay(options.LongestDelay, random);
        var began = clock.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var (accepted, duplicates) = await SendOnceAsync(batch, cancellationToken).ConfigureAwait(false);
                return new SendResult(accepted, duplicates, attempt);
            }
            catch (BitacoraClientException e) when (e.IsTransient)
            {
                var wait = delay.Next((e as ServerRefusedException)?.RetryAfter);
                if (clock.GetElapsedTime(began) + wait > options.SendFor)
                {
                    throw;
                }

                await Task.Delay(wait, clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<(long Accepted, long Duplicates)> SendOnceAsync(RecordBatch batch, CancellationToken cancellationToken)
    {
        // The source's own timer: one that fires while the request ends must find nothing that was disposed of, or it ends the process.
        using var timeout = new CancellationTokenSource(options.SendTimeout, clock);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/logs") { Content = new ReadOnlyMemoryContent(batch.Bytes) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaType);
        try
        {
            using var response = await http
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limited.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                throw await ProblemReader.ReadAsync(response, limited.Token).ConfigureAwait(false);
            }

            var body = await BoundedBody.ReadAsync(response.Content, AnswerBytes, limited.Token).ConfigureAwait(false);
            return Counts(body);
        }
        catch (Exception e) when (e is HttpRequestException or IOException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw Unreachable.From(http.BaseAddress!, e);
        }
    }

    private static (long Accepted, long Duplicates) Counts(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return (Count(json.RootElement, "accepted"), Count(json.RootElement, "duplicates"));
        }
        catch (JsonException e)
        {
            throw new BitacoraClientException("The server acknowledged the batch with something that is not JSON.", e);
        }
    }

    private static long Count(JsonElement answer, string name) =>
        answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty(name, out var value) && value.TryGetInt64(out var count)
            ? count
            : 0;
}
