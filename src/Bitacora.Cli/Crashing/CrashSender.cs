using System.Globalization;
using System.Net;
using System.Text;
using Bitacora.Client;
using Bitacora.Records;

namespace Bitacora.Cli.Crashing;

/// <summary>
/// One connection of the load. Half of them send frozen batches and, after a kill, send the batch again whose acknowledgement they
/// never got, as a careful sender does; the others send JSON lines and never send again.
/// </summary>
internal sealed class CrashSender(int number, CrashPlan plan, TimeProvider clock)
{
    public const string Source = "crash-bench";

    private const int LargestBatch = 500;

    private static readonly string[] Words =
        ["connection", "order", "payment", "timeout", "user", "cart", "señal", "retry", "cache", "shipped", "refused", "gateway"];

    private readonly Origin _origin = Origin.OfGeneration(Encoding.UTF8.GetBytes($"crash {plan.Seed} {number}")).With(byteOffsets: false);
    private readonly RecordBatchBuilder _builder = new(SenderId.None, RecordLimits.Default, clock);
    private ulong _position;
    private (RecordBatch Batch, int First, int Count)? _unknown;

    private bool SendsAgain => number % 2 == 0;

    /// <summary>Sends what was left open by the kill before this round.</summary>
    public async Task FinishAsync(Uri server, Acknowledged acknowledged, CancellationToken cancellationToken)
    {
        if (_unknown is { } open)
        {
            using var client = new BitacoraClient(server);
            await client.SendAsync(open.Batch, cancellationToken);
            acknowledged.Add(open.First, open.Count);
            _unknown = null;
        }
    }

    /// <summary>Sends until the server is gone, or enough was sent.</summary>
    /// <param name="server">The server.</param>
    /// <param name="kill">The number of the kill that will end it; each record bears it.</param>
    /// <param name="numbers">Gives the next records' numbers.</param>
    /// <param name="acknowledged">What was acknowledged.</param>
    /// <param name="cancellationToken">Ends it after the kill.</param>
    public async Task SendAsync(Uri server, int kill, RecordNumbers numbers, Acknowledged acknowledged, CancellationToken cancellationToken)
    {
        var random = new Random(HashCode.Combine(plan.Seed, kill, number));
        using var client = new BitacoraClient(server, new ClientOptions { SendFor = TimeSpan.Zero });
        using var http = new HttpClient { BaseAddress = server };
        while (!cancellationToken.IsCancellationRequested && numbers.Take(random.Next(1, LargestBatch + 1)) is { } run)
        {
            try
            {
                if (SendsAgain)
                {
                    _unknown = (Freeze(kill, run.First, run.Count, random), run.First, run.Count);
                    await client.SendAsync(_unknown.Value.Batch, cancellationToken);
                    _unknown = null;
                }
                else if (!await PostAsync(http, kill, run.First, run.Count, random, cancellationToken))
                {
                    continue;
                }

                acknowledged.Add(run.First, run.Count);
            }
            catch (Exception e) when (e is BitacoraClientException { IsTransient: true } or HttpRequestException
                or OperationCanceledException)
            {
                return;
            }
        }
    }

    private static async Task<bool> PostAsync(
        HttpClient http, int kill, int first, int count, Random random, CancellationToken cancellationToken)
    {
        var lines = new StringBuilder(count * 200);
        for (var i = first; i < first + count; i++)
        {
            var (level, message) = (Levels.Name(LevelOf(random)), Message(random));
            lines.Append(
                CultureInfo.InvariantCulture,
                $$"""{"level":"{{level}}","source":"{{Source}}","message":"{{message}}","kill":{{kill}},"n":{{i}}}""").Append('\n');
        }

        using var body = new StringContent(lines.ToString(), Encoding.UTF8, "application/x-ndjson");
        using var response = await http.PostAsync(new Uri("api/logs", UriKind.Relative), body, cancellationToken);

        // Back-pressure is no promise: these records are simply not counted.
        return response.StatusCode is HttpStatusCode.OK;
    }

    private RecordBatch Freeze(int kill, int first, int count, Random random)
    {
        _builder.Clear();
        var origin = _builder.AddOrigin(_origin);
        for (var i = first; i < first + count; i++)
        {
            var record = _builder.Begin();
            record.Level = LevelOf(random);
            record.SetText(NamedField.Source, Source);
            record.SetText(NamedField.Message, Message(random));
            record.AddAttribute("kill"u8, (long)kill);
            record.AddAttribute("n"u8, (long)i);
            record.TryCommit(origin, _position++);
        }

        return _builder.Freeze();
    }

    private static Level LevelOf(Random random) => (Level)random.Next(Levels.Count);

    private static string Message(Random random) => string.Join(
        ' ', Enumerable.Range(0, random.Next(3, 15)).Select(_ => Words[random.Next(Words.Length)]));
}
