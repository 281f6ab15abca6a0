using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Bitacora.EndToEnd.Processes;

/// <summary>
/// Clients that send JSON lines, each with an id of its own, and remember which were acknowledged, and which have an unknown fate because
/// the connection broke before an answer.
/// </summary>
internal sealed class Load(string run)
{
    private volatile Target? _target;
    private long _next;

    /// <summary>Ids whose answer said accepted.</summary>
    public ConcurrentDictionary<string, byte> Acknowledged { get; } = new();

    /// <summary>Ids that were sent.</summary>
    public ConcurrentDictionary<string, byte> Sent { get; } = new();

    /// <summary>Answers other than 200, by status.</summary>
    public ConcurrentDictionary<int, int> Refusals { get; } = new();

    /// <summary>Completes when so many ids are acknowledged.</summary>
    public Task WhenAcknowledgedAsync(int count)
    {
        var target = new Target(count, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _target = target;
        return target.Reached.Task;
    }

    /// <summary>Sends until cancelled, or until the connection breaks.</summary>
    public Task RunAsync(HttpClient http, int clients, int lines, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(
            async () =>
            {
                while (!cancellationToken.IsCancellationRequested && await SendAsync(http, lines, cancellationToken))
                {
                }
            },
            CancellationToken.None)));

    /// <summary>
    /// Sends until the server is killed: not at the moment of an acknowledgement, but at any moment within some time after it.
    /// </summary>
    /// <param name="server">The server.</param>
    /// <param name="random">Decides when.</param>
    /// <param name="lines">Lines of a body.</param>
    /// <param name="most">The most that are acknowledged before.</param>
    /// <param name="within">Some time.</param>
    public async Task RunUntilKilledAsync(ServerProcess server, Random random, int lines, int most, TimeSpan within)
    {
        var acknowledged = WhenAcknowledgedAsync(Acknowledged.Count + random.Next(lines, most));
        var sending = RunAsync(server.Http, clients: 4, lines, CancellationToken.None);
        await acknowledged.WaitAsync(TimeSpan.FromMinutes(1));
        await RandomMoment.WaitAsync(random, within);
        await server.KillAsync();
        await sending;
    }

    /// <summary>Sends one body; false when the connection broke.</summary>
    public async Task<bool> SendAsync(HttpClient http, int lines, CancellationToken cancellationToken, string? padding = null)
    {
        var ids = new string[lines];
        var body = new StringBuilder();
        var now = DateTimeOffset.UtcNow;
        for (var i = 0; i < lines; i++)
        {
            var n = Interlocked.Increment(ref _next);
            ids[i] = string.Create(CultureInfo.InvariantCulture, $"{run}-{n}");
            Sent[ids[i]] = 0;
            body.Append(CultureInfo.InvariantCulture, $$"""
                {"time":"{{now:yyyy-MM-ddTHH:mm:ss.fffffffZ}}","level":"{{(n % 7 == 0 ? "ERROR" : "INFO")}}","source":"load","message":"order {{n}} placed{{padding}}","uid":"{{ids[i]}}"}

                """);
        }

        try
        {
            using var content = new StringContent(body.ToString(), Encoding.UTF8, "application/x-ndjson");
            using var response = await http.PostAsync(new Uri("/api/logs", UriKind.Relative), content, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                Refusals.AddOrUpdate((int)response.StatusCode, 1, (_, count) => count + 1);
                return true;
            }

            var answer = await response.Content.ReadFromJsonAsync<JsonObject>(CancellationToken.None);
            if ((int)answer!["accepted"]! != lines)
            {
                throw new InvalidOperationException($"{lines} lines were sent, the answer is {answer}.");
            }

            foreach (var id in ids)
            {
                Acknowledged[id] = 0;
            }

            if (_target is { } target && Acknowledged.Count >= target.Count)
            {
                target.Reached.TrySetResult();
            }

            return true;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or IOException)
        {
            return false;
        }
    }

    private sealed record Target(int Count, TaskCompletionSource Reached);
}
