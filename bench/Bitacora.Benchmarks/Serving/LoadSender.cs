using System.Diagnostics;

namespace Bitacora.Benchmarks.Serving;

/// <summary>Posts bodies of JSON lines and keeps how long each acknowledgement took.</summary>
internal sealed class LoadSender(Uri server) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 256 }) { BaseAddress = server };

    /// <summary>As fast as answers come, over so many connections, until the source is empty.</summary>
    public async Task<Latencies> SaturateAsync(BodySource bodies, int connections)
    {
        var latencies = new Latencies();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            while (bodies.Next() is { Length: > 0 } body)
            {
                latencies.Add(await PostAsync(body, Stopwatch.GetTimestamp()));
            }
        })));
        return latencies;
    }

    /// <summary>
    /// So many bodies a second for a while. A body's latency counts from when it was due, so a server that stalls is charged for
    /// everything that waited.
    /// </summary>
    public async Task<Latencies> PaceAsync(BodySource bodies, double perSecond, TimeSpan duration)
    {
        var latencies = new Latencies();
        var posts = new List<Task>();
        var start = Stopwatch.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        for (var sent = 0; Stopwatch.GetElapsedTime(start) < duration;)
        {
            for (; sent < Stopwatch.GetElapsedTime(start).TotalSeconds * perSecond; sent++)
            {
                var due = start + (long)(sent / perSecond * Stopwatch.Frequency);
                posts.Add(PostAndKeepAsync(bodies.Next(), due, latencies));
            }

            await tick.WaitForNextTickAsync();
        }

        await Task.WhenAll(posts);
        return latencies;
    }

    public void Dispose() => _http.Dispose();

    private async Task PostAndKeepAsync(byte[] body, long due, Latencies latencies) => latencies.Add(await PostAsync(body, due));

    private async Task<double> PostAsync(byte[] body, long due)
    {
        using var content = new ByteArrayContent(body);
        using var response = await _http.PostAsync("/api/logs", content);
        response.EnsureSuccessStatusCode();
        return Stopwatch.GetElapsedTime(due).TotalMilliseconds;
    }
}
