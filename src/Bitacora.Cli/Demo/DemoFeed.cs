using System.Globalization;
using Bitacora.Client;
using Bitacora.Records;

namespace Bitacora.Cli.Demo;

/// <summary>Sends what the shop logs to a server, in the batches in which everybody's records travel.</summary>
internal sealed class DemoFeed
{
    private const int RecordsABatch = 4_000;

    private static readonly TimeSpan Step = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly Shop _shop;
    private readonly BitacoraClient _client;
    private readonly TimeProvider _clock;
    private readonly RecordBatchBuilder _batch;
    private readonly Origin _origin;
    private ulong _position;

    public DemoFeed(Shop shop, BitacoraClient client, TimeProvider clock, int seed)
    {
        (_shop, _client, _clock) = (shop, client, clock);
        _batch = new RecordBatchBuilder(SenderId.None, RecordLimits.Default, clock);

        // Its lowest bit says that positions are numbers.
        _origin = new Origin(UInt128.Parse(new Chance(seed).Hex(32), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & ~UInt128.One);
    }

    /// <summary>Plays the past, by the rhythm of days.</summary>
    /// <returns>The records stored.</returns>
    public async Task<long> FillAsync(DateTimeOffset from, DateTimeOffset to, double rate, CancellationToken cancellationToken)
    {
        var before = _position;
        for (var step = from; step < to; step += Step)
        {
            var end = step + Step < to ? step + Step : to;
            await AddAsync(_shop.PlayTo(end, rate * DailyRhythm.At(step)), cancellationToken);
        }

        await SendAsync(cancellationToken);
        return (long)(_position - before);
    }

    /// <summary>Goes on as time passes, until cancelled.</summary>
    public async Task FollowAsync(double rate, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Tick, _clock);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            await AddAsync(_shop.PlayTo(_clock.GetUtcNow(), rate), cancellationToken);
            await SendAsync(cancellationToken);
        }
    }

    private async Task AddAsync(IReadOnlyList<DemoRecord> records, CancellationToken cancellationToken)
    {
        foreach (var record in records)
        {
            Add(record);
            if (_batch.Count == RecordsABatch)
            {
                await SendAsync(cancellationToken);
            }
        }
    }

    /// <summary>Sends what was gathered; returns when the server has it on disk.</summary>
    private async Task SendAsync(CancellationToken cancellationToken)
    {
        if (_batch.Count > 0)
        {
            await _client.SendAsync(_batch.Freeze(), cancellationToken);
        }
    }

    private void Add(DemoRecord record)
    {
        var origin = _batch.AddOrigin(_origin);
        var writer = _batch.Begin();
        record.Write(writer);
        if (!writer.TryCommit(origin, _position++))
        {
            throw new InvalidOperationException("a batch of the demo is longer than batches may be");
        }
    }
}
