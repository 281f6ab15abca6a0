using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Text.Json;
using Bitacora.Client.Problems;
using Bitacora.Client.Reading;
using Bitacora.Client.Sending;
using Bitacora.Delivery;
using Bitacora.Records;

namespace Bitacora.Client;

/// <summary>
/// A server's HTTP API. Any number of threads may use one client at once.
/// </summary>
/// <remarks>
/// Calls fail with <see cref="ServerUnreachableException"/> where no answer came, with <see cref="ServerRefusedException"/> where the
/// server said no, and with <see cref="BitacoraClientException"/> where it said something that cannot be understood.
/// </remarks>
public sealed class BitacoraClient : IDisposable
{
    private const int StatusBytes = 16 << 20;

    private readonly HttpClient _http;
    private readonly HttpClient _stranger;
    private readonly ClientOptions _options;
    private readonly TimeProvider _clock;
    private readonly Random _random;

    /// <summary>Makes a client; nothing is sent yet.</summary>
    /// <param name="server">Where the server is, such as <c>http://127.0.0.1:7600</c>.</param>
    /// <param name="options">How it behaves; the defaults when null.</param>
    /// <param name="clock">For waits and time-outs; the system's when null.</param>
    /// <param name="random">Spreads retries; of several threads at once, so <see cref="Random.Shared"/> when null.</param>
    public BitacoraClient(Uri server, ClientOptions? options = null, TimeProvider? clock = null, Random? random = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        _options = options ?? ClientOptions.Default;
        _clock = clock ?? TimeProvider.System;
        _random = random ?? Random.Shared;
        Server = server.AbsoluteUri.EndsWith('/') ? server : new Uri(server.AbsoluteUri + "/");
        var handler = new SocketsHttpHandler
        {
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseCookies = false,

            // Looking for a proxy costs tens of milliseconds, and a server on this machine is never behind one.
            UseProxy = !server.IsLoopback,

            // A key goes where it was meant for, and nowhere else.
            AllowAutoRedirect = false,
        };
        if (_options.Certificate is { } known)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) => errors == SslPolicyErrors.None
                || string.Equals(certificate?.GetCertHashString(HashAlgorithmName.SHA256), known, StringComparison.OrdinalIgnoreCase);
        }

        _http = new HttpClient(handler) { BaseAddress = Server, Timeout = Timeout.InfiniteTimeSpan };
        _stranger = new HttpClient(handler, disposeHandler: false) { BaseAddress = Server, Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("bitacora");
        if (_options.ApiKey is { } key)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
    }

    /// <summary>Where the server is; ends in a slash.</summary>
    public Uri Server { get; }

    /// <summary>Asks a query; the parts come as the server finds them, and a <see cref="SearchEnd"/> is the last.</summary>
    public IAsyncEnumerable<SearchPart> SearchAsync(SearchRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new AnswerReader(_http, _options).SearchAsync(request, cancellationToken);
    }

    /// <summary>
    /// Follows what is stored, until cancelled. Connects again when the connection breaks, and then yields a <see cref="SearchGap"/>
    /// of 0 first; only a server that cannot be reached at the very start, or that refuses, ends it.
    /// </summary>
    /// <param name="query">A filter without stages.</param>
    /// <param name="from">Begin with what is stored since, as the query language writes times; null: only what comes from now on.</param>
    /// <param name="zone">The IANA name of the zone of times without an offset; UTC when null.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public IAsyncEnumerable<SearchPart> TailAsync(string query, string? from, string? zone, CancellationToken cancellationToken) =>
        new TailReader(_http, _options, _clock, _random).TailAsync(query, from, zone, cancellationToken);

    /// <summary>
    /// Sends a batch and completes when the server acknowledged it: its records are durable there. Tries again, with the same bytes,
    /// while the server is busy (429, 503) or away, for as long as <see cref="ClientOptions.SendFor"/>; records that arrive twice are
    /// stored once.
    /// </summary>
    public Task<SendResult> SendAsync(RecordBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return new BatchSender(_http, _options, _clock, _random).SendAsync(batch, cancellationToken);
    }

    /// <summary>The positions of an origin that the server has taken; merged and ascending, empty for an unknown origin.</summary>
    public async Task<IReadOnlyList<PositionRange>> GetOriginAsync(Origin origin, CancellationToken cancellationToken)
    {
        try
        {
            var body = await GetAsync($"api/origins/{origin}", cancellationToken).ConfigureAwait(false);
            return OriginAnswer.Read(body);
        }
        catch (ServerRefusedException e) when (e.Status == HttpStatusCode.NotFound && e.Code.Length > 0)
        {
            return [];
        }
    }

    /// <summary>A small answer of the server as JSON, such as <c>api/stats</c> or <c>api/fields</c>.</summary>
    /// <param name="address">Relative to <see cref="Server"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<JsonElement> GetJsonAsync(string address, CancellationToken cancellationToken) =>
        Parse(await GetAsync(address, cancellationToken).ConfigureAwait(false));

    /// <summary>Posts nothing to an address and returns the small answer as JSON.</summary>
    /// <param name="address">Relative to <see cref="Server"/>.</param>
    /// <param name="cancellationToken">Gives up; what was asked for may or may not be done.</param>
    public async Task<JsonElement> PostAsync(string address, CancellationToken cancellationToken) =>
        Parse(await SmallAsync(HttpMethod.Post, address, cancellationToken).ConfigureAwait(false));

    /// <summary>The server's clock, from the date of its answer (whole seconds); null where it sends none or does not answer.</summary>
    public async Task<DateTimeOffset?> GetTimeAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "health/live");
            using var response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            return response.Headers.Date;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Whether a server answers there, ready or not.</summary>
    /// <param name="patience">How long it may take.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<bool> IsAliveAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(patience);
        try
        {
            // Without the key: it is not known yet who listens there.
            using var request = new HttpRequestMessage(HttpMethod.Get, "health/live");
            using var response = await _stranger.SendAsync(request, limited.Token).ConfigureAwait(false);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stranger.Dispose();
        _http.Dispose();
    }

    private static JsonElement Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new BitacoraClientException("The server answered with something that is not JSON; is it a Bitácora server?", e);
        }
    }

    private Task<ReadOnlyMemory<byte>> GetAsync(string address, CancellationToken cancellationToken) =>
        SmallAsync(HttpMethod.Get, address, cancellationToken);

    private async Task<ReadOnlyMemory<byte>> SmallAsync(HttpMethod method, string address, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(_options.SendFor);
        using var request = new HttpRequestMessage(method, address);
        try
        {
            using var response = await _http
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limited.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                throw await ProblemReader.ReadAsync(response, limited.Token).ConfigureAwait(false);
            }

            return await BoundedBody.ReadAsync(response.Content, StatusBytes, limited.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw Unreachable.From(Server, e);
        }
    }
}
