using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Bitacora.Cql;

namespace Bitacora.EndToEnd.Processes;

/// <summary>
/// Two servers before one cluster, and a sender that sends to either three errors at a time, each time of another logger, until somebody
/// has acknowledged them.
/// </summary>
internal sealed class ServerPair(TemporaryDirectory directory, string[] arguments) : IAsyncDisposable
{
    private const int TicksBetweenErrors = 3;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly ServerProcess?[] _servers = new ServerProcess?[2];
    private readonly ConcurrentQueue<string> _sent = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _sending = Task.CompletedTask;

    public async Task StartAsync()
    {
        await RestartAsync(0);
        await RestartAsync(1);
        _sending = SendAsync();
    }

    public async Task RestartAsync(int server) => _servers[server] = await ServerProcess.StartAsync(Data(server), arguments);

    public async Task KillAsync(int server)
    {
        await _servers[server]!.KillAsync();
        await _servers[server]!.DisposeAsync();
    }

    /// <summary>Waits until one of the servers that is wanted holds the lease of alerting.</summary>
    public async Task<int> UntilLeaderAsync(CqlSession session, string keyspace, Func<int, bool> isWanted)
    {
        using var look = new PeriodicTimer(BetweenLooks);
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            using (var rows = await session.QueryAsync($"SELECT owner FROM {keyspace}.leases WHERE name = 'alerts'"))
            {
                foreach (var row in rows)
                {
                    var owner = row[0].GetText() ?? "";
                    var leader = Array.FindIndex([Data(0), Data(1)], data => owner.EndsWith(data, StringComparison.Ordinal));
                    if (leader >= 0 && isWanted(leader))
                    {
                        return leader;
                    }
                }
            }

            await look.WaitForNextTickAsync(patience.Token);
        }
    }

    /// <summary>Ends sending.</summary>
    /// <returns>The loggers of which three errors were acknowledged.</returns>
    public async Task<HashSet<string>> StopSendingAsync()
    {
        await _stop.CancelAsync();
        await _sending;
        return [.. _sent];
    }

    public async ValueTask DisposeAsync()
    {
        await StopSendingAsync();
        _stop.Dispose();
        foreach (var server in _servers)
        {
            await (server?.DisposeAsync() ?? default);
        }
    }

    private string Data(int server) => directory[server == 0 ? "one" : "two"];

    private async Task SendAsync()
    {
        using var pace = new PeriodicTimer(BetweenLooks);
        for (var i = 0; !_stop.IsCancellationRequested; i++)
        {
            var logger = string.Create(CultureInfo.InvariantCulture, $"shop.{i}");

            // One minute, whoever takes them: they are one alert though both servers have them.
            var time = DateTimeOffset.UtcNow;
            for (var attempt = i; !await TrySendAsync(_servers[attempt % 2]!, logger, time); attempt++)
            {
                await pace.WaitForNextTickAsync();
            }

            _sent.Enqueue(logger);
            for (var tick = 0; tick < TicksBetweenErrors && !_stop.IsCancellationRequested; tick++)
            {
                await pace.WaitForNextTickAsync();
            }
        }
    }

    private static async Task<bool> TrySendAsync(ServerProcess server, string logger, DateTimeOffset time)
    {
        var lines = Enumerable.Range(0, 3)
            .Select(i => $$"""{"time":"{{time:O}}","level":"ERROR","logger":"{{logger}}","message":"{{i}}"}""");
        try
        {
            using var content = new StringContent(string.Join('\n', lines), Encoding.UTF8);
            using var answer = await server.Http.PostAsync(new Uri("/api/logs", UriKind.Relative), content, CancellationToken.None);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or ObjectDisposedException or OperationCanceledException)
        {
            // It was killed; the other takes them.
            return false;
        }
    }
}
