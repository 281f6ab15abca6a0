using System.Globalization;
using System.Net.Http.Headers;
using Bitacora.Alerting.Messages;
using Bitacora.Alerting.Outbox;

namespace Bitacora.Alerting.Channels;

/// <summary>
/// Posts to an address that may be a secret: it stands in no error. Redirects are not followed, an answer is read to 4 KiB, and all of it
/// takes 10 s at most.
/// </summary>
internal sealed class HttpReceiver : IDisposable
{
    private const int MaxAnswer = 4096;
    private const int MaxShown = 200;

    private readonly HttpClient _client;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _deadline;

    public HttpReceiver(TimeProvider clock, TimeSpan deadline)
    {
        (_clock, _deadline) = (clock, deadline);
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = deadline,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public static TimeSpan DefaultDeadline { get; } = TimeSpan.FromSeconds(10);

    public async Task PostAsync(
        string address, byte[] json, IEnumerable<(string Name, string Value)> headers, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, UrlOf(address)) { Content = new ByteArrayContent(json) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        await SendAsync(
            request,
            async (response, token) =>
            {
                if (!response.IsSuccessStatusCode)
                {
                    throw await RefusalAsync(request.RequestUri!, response, token).ConfigureAwait(false);
                }
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks the address's host for the head of its first page: whatever it answers, it is there, and nobody is told.</summary>
    public async Task<string> ReachAsync(string address, CancellationToken cancellationToken)
    {
        var url = UrlOf(address);
        using var request = new HttpRequestMessage(HttpMethod.Head, new Uri(url.GetLeftPart(UriPartial.Authority) + "/"));
        await SendAsync(request, static (_, _) => Task.CompletedTask, cancellationToken).ConfigureAwait(false);
        return $"{url.Host} answers";
    }

    public void Dispose() => _client.Dispose();

    private static Uri UrlOf(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new AlertDeliveryException("the address is none that begins with http:// or https://");

    private async Task SendAsync(
        HttpRequestMessage request, Func<HttpResponseMessage, CancellationToken, Task> read, CancellationToken cancellationToken)
    {
        var host = request.RequestUri!.Host;
        using var deadline = new CancellationTokenSource(_deadline, _clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token)
                .ConfigureAwait(false);
            await read(response, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AlertDeliveryException(
                string.Create(CultureInfo.InvariantCulture, $"{host} did not answer within {_deadline.TotalSeconds:0.#} s"), error);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw new AlertDeliveryException($"{host} cannot be reached: {error.Message}", error);
        }
    }

    private async Task<AlertDeliveryException> RefusalAsync(
        Uri url, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var answer = await BeginningAsync(response, cancellationToken).ConfigureAwait(false);
        var text = VisibleText.Of(WithoutAddress(answer, url), MaxShown);
        return new AlertDeliveryException(string.Create(
            CultureInfo.InvariantCulture, $"it answered {(int)response.StatusCode}{(text.Length == 0 ? "" : $": {text}")}"))
        {
            RetryAfter = Wait(response.Headers.RetryAfter),
        };
    }

    // Many servers say in the page of an error what was asked for, and that may be the secret.
    private static string WithoutAddress(string answer, Uri url)
    {
        string[] secrets = [url.AbsoluteUri, url.PathAndQuery, url.AbsolutePath, Uri.UnescapeDataString(url.AbsolutePath)];
        return secrets.Where(secret => secret.Length > 1)
            .Aggregate(answer, (text, secret) => text.Replace(secret, "***", StringComparison.OrdinalIgnoreCase));
    }

    private TimeSpan? Wait(RetryConditionHeaderValue? header)
    {
        var wait = header?.Delta ?? (header?.Date is { } date ? date - _clock.GetUtcNow() : null);
        return wait switch
        {
            null => null,
            { } asked when asked < TimeSpan.Zero => TimeSpan.Zero,
            { } asked when asked > DeliverySchedule.LongestAsked => DeliverySchedule.LongestAsked,
            _ => wait,
        };
    }

    private static async Task<string> BeginningAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var buffer = new byte[MaxAnswer];
            var length = await stream.ReadAtLeastAsync(buffer, MaxAnswer, false, cancellationToken).ConfigureAwait(false);
            return System.Text.Encoding.UTF8.GetString(buffer.AsSpan(0, length)).Trim();
        }
    }
}
