using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Text.Json;
using Bitacora.Client.Problems;
using Bitacora.Client.Sending;
using Bitacora.Delivery;
using Bitacora.Records;

namespace Bitacora.Client;

/// <summary>
/// A server as the destination of a <see cref="LogQueue"/>: one request a batch, which has it durably when it answers. Any number of
/// threads may use it at once; each call is one request, and who wants it tried again calls again.
/// </summary>
/// <remarks>
/// What the server will never take is a <see cref="BatchRefusedException"/>. Everything else may be tried again; a server that says when it
/// wants to be asked, or refuses the key, is left alone until then: calls fail for the same reason without a request.
/// </remarks>
public sealed class HttpDestination : IBatchDestination, IDisposable
{
    private const int AnswerBytes = 1 << 20;

    /// <summary>A wrong key or address is mended by people.</summary>
    private static readonly TimeSpan SlowRetry = TimeSpan.FromSeconds(30);

    /// <summary>What a server takes beyond its clock, less what a date's whole seconds leave open.</summary>
    private static readonly TimeSpan FutureTolerance = TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(2);

    private readonly HttpClient _http;
    private readonly HttpDestinationOptions _options;
    private readonly LogWriterIdentity _writer;
    private readonly Func<LogStatistics?> _statistics;
    private readonly TimeProvider _clock;
    private readonly bool _isCompressed;

    // Until when nothing is sent, and why.
    private volatile Pause? _pause;

    /// <summary>Makes a destination; nothing is sent yet, and a server that is away is no error.</summary>
    /// <param name="options">Where the server is.</param>
    /// <param name="writer">Who sends, for the header <c>Bitacora-Sender</c>.</param>
    /// <param name="statistics">
    /// The queue's counters for that header, asked once a request; the header is left out where it gives null.
    /// </param>
    /// <param name="clock">For waits and time-outs; the system's when null.</param>
    /// <exception cref="ArgumentException">An option cannot be used; the message has all that is wrong.</exception>
    public HttpDestination(
        HttpDestinationOptions options, LogWriterIdentity writer, Func<LogStatistics?> statistics, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(statistics);
        if (options.Faults() is { Count: > 0 } faults)
        {
            throw new ArgumentException(string.Join(" ", faults), nameof(options));
        }

        (_options, _writer, _statistics, _clock) = (options, writer, statistics, clock ?? TimeProvider.System);
        _isCompressed = options.Compress ?? !options.Endpoint.IsLoopback;
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseCookies = false,
            UseProxy = !options.Endpoint.IsLoopback,

            // A key goes where it was meant for, and nowhere else.
            AllowAutoRedirect = false,

            // Sending logs is no part of what the application traces, and must not be logged by it.
            ActivityHeadersPropagator = null,
        };
        if (options.Certificate is { } known)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) => errors == SslPolicyErrors.None
                || string.Equals(certificate?.GetCertHashString(HashAlgorithmName.SHA256), known, StringComparison.OrdinalIgnoreCase);
        }

        var address = options.Endpoint.AbsoluteUri;
        _http = new HttpClient(handler)
        {
            BaseAddress = new Uri(address.EndsWith('/') ? address : address + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("bitacora");
        if (options.ApiKey is { } key)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
    }

    /// <summary>False: over HTTP/1.1 a request is sent whole before its answer is read.</summary>
    public bool KeepsBatches => false;

    /// <summary>Always 0: the server remembers by itself what it has.</summary>
    public ulong DurableThrough => 0;

    /// <inheritdoc/>
    public async ValueTask<Task<IReadOnlyList<RefusedRecord>>> AppendAsync(
        RecordBatch batch, ulong sequence, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (_pause is { } pause && _clock.GetElapsedTime(pause.Since) < pause.Time)
        {
            throw new BitacoraClientException(pause.Reason);
        }

        // The source's own timer: one that fires while the request ends must find nothing that was disposed of, or it ends the process.
        using var timeout = new CancellationTokenSource(_options.Timeout, _clock);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            if (await PostAsync(batch, mayShift: true, limited.Token).ConfigureAwait(false) is { } shifted)
            {
                await PostAsync(shifted, mayShift: false, limited.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw Unreachable.From(_http.BaseAddress!, e);
        }

        return RefusedRecord.None;
    }

    /// <summary>Never completes: <see cref="DurableThrough"/> does not move.</summary>
    public Task WaitUntilDurableBeyondAsync(ulong sequence, CancellationToken cancellationToken) =>
        Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>Null when the server has it; otherwise what to send instead.</summary>
    private async Task<RecordBatch?> PostAsync(RecordBatch batch, bool mayShift, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/logs")
        {
            // Later versions may give an answer while the batch is still read.
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = BatchContent.Of(batch, _isCompressed),
        };
        if (_statistics() is { } statistics)
        {
            request.Headers.TryAddWithoutValidation(SenderHeader.Name, SenderHeader.Write(_writer, _options.Client, statistics));
        }

        using var response = await _http
            .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if (response.IsSuccessStatusCode)
        {
            var body = await BoundedBody.ReadAsync(response.Content, AnswerBytes, cancellationToken).ConfigureAwait(false);
            if (!IsAcknowledgement(body))
            {
                var reason =
                    $"{_http.BaseAddress} answered {(int)response.StatusCode}, but not as a Bitácora server does: is the endpoint right?";
                LeaveAlone(SlowRetry, reason);
                throw new BitacoraClientException(reason);
            }

            return null;
        }

        var problem = await ProblemReader.ReadAsync(response, cancellationToken).ConfigureAwait(false);
        if (problem.Status == HttpStatusCode.Conflict && mayShift && response.Headers.Date is { } theirs)
        {
            var ahead = _clock.GetUtcNow() - theirs;
            return ClockShift.Apply(batch, ahead, RecordTime.From(theirs + FutureTolerance), _clock);
        }

        throw Judge(problem);
    }

    private Exception Judge(ServerRefusedException problem)
    {
        if (IsDefinite(problem))
        {
            return new BatchRefusedException($"HTTP {(int)problem.Status}: {problem.Message}", problem);
        }

        if (!problem.IsTransient && (int)problem.Status < 500)
        {
            LeaveAlone(SlowRetry, problem.Message);
        }
        else if (problem.RetryAfter is { } wish)
        {
            LeaveAlone(wish, problem.Message);
        }

        return problem;
    }

    /// <summary>A wrong key, path or host is no fault of the batch.</summary>
    private static bool IsDefinite(ServerRefusedException problem) => problem.Status switch
    {
        HttpStatusCode.Forbidden => problem.Code == "foreign_sender",
        HttpStatusCode.BadRequest or HttpStatusCode.Conflict or HttpStatusCode.RequestEntityTooLarge
            or HttpStatusCode.UnsupportedMediaType or HttpStatusCode.UnprocessableEntity => true,
        _ => false,
    };

    private static bool IsAcknowledgement(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("accepted", out var accepted)
                && accepted.TryGetInt64(out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void LeaveAlone(TimeSpan time, string reason) => _pause = new Pause(_clock.GetTimestamp(), time, reason);

    private sealed record Pause(long Since, TimeSpan Time, string Reason);
}
