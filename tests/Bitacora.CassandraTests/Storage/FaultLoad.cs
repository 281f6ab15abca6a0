using System.Collections.Concurrent;
using Bitacora.Delivery;
using Bitacora.Records;
using Bitacora.Testing.Storage;

namespace Bitacora.CassandraTests.Storage;

/// <summary>
/// Senders that send a batch again until it is acknowledged, and know which was. In the end each acknowledged record must be readable once,
/// and none that was never sent.
/// </summary>
/// <param name="accept">Has a batch accepted by the server of now.</param>
internal sealed class FaultLoad(Func<RecordBatch, CancellationToken, Task> accept) : IAsyncDisposable
{
    private const int Senders = 4;
    private const int BatchRecords = 10;
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(4);

    private readonly ConcurrentDictionary<RecordId, bool> _sent = new();
    private readonly ConcurrentDictionary<RecordId, bool> _acknowledged = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _sending = Task.CompletedTask;
    private int _number;
    private string? _lastRefusal;

    /// <summary>Records that were acknowledged.</summary>
    public int Acknowledged => _acknowledged.Count;

    public IReadOnlyCollection<RecordId> AcknowledgedIds => (IReadOnlyCollection<RecordId>)_acknowledged.Keys;

    /// <summary>Records that were sent and not acknowledged: nobody knows of them.</summary>
    public IEnumerable<RecordId> UnknownIds => _sent.Keys.Where(id => !_acknowledged.ContainsKey(id));

    /// <summary>The senders' clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The time of a record; null: now.</summary>
    public Func<DateTimeOffset>? Time { get; init; }

    public FaultLoad Start()
    {
        _sending = Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(() => SendAsync(sender))));
        return this;
    }

    /// <summary>Ends when so many more records are acknowledged.</summary>
    public Task AcknowledgedAsync(int more)
    {
        var goal = Acknowledged + more;
        return UntilAsync(() => Acknowledged >= goal, () => $"{goal - Acknowledged} records are not acknowledged; {_lastRefusal}");
    }

    public static async Task UntilAsync(Func<bool> isReached, Func<string> otherwise)
    {
        using var patience = new CancellationTokenSource(_patience);
        while (!isReached())
        {
            patience.IsCancellationRequested.ShouldBeFalse(otherwise());
            await CassandraTests.Clock.WaitAsync(_pause);
        }
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _sending.WaitAsync(_patience);
    }

    /// <summary>After everything is settled: no acknowledged record is missing, none is there that nobody sent.</summary>
    public async Task CheckAsync(LogKeyspace keyspace)
    {
        var ids = await Invariants.IdsAsync(keyspace);
        var missing = _acknowledged.Keys.Where(id => !ids.Contains(id)).ToList();
        missing.Count.ShouldBe(0, $"of {Acknowledged} acknowledged records so many are missing");
        ids.Count(id => !_sent.ContainsKey(id)).ShouldBe(0, "records that nobody sent");
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task SendAsync(int sender)
    {
        var batches = new TestBatches(Clock);
        while (!_stop.IsCancellationRequested)
        {
            var batch = batches.Of(Enumerable.Range(0, BatchRecords).Select(_ => Record(sender)));
            var ids = Ids(batch);
            ids.ForEach(id => _sent[id] = true);
            if (await TryHaveAcceptedAsync(batch))
            {
                ids.ForEach(id => _acknowledged[id] = true);
            }

            await CassandraTests.Clock.WaitAsync(_pause);
        }
    }

    private async Task<bool> TryHaveAcceptedAsync(RecordBatch batch)
    {
        while (true)
        {
            try
            {
                await accept(batch, _stop.Token);
                return true;
            }
            catch (Exception e) when (e is PipelineFullException or WalUnavailableException or OperationCanceledException
                or ObjectDisposedException)
            {
                if (_stop.IsCancellationRequested)
                {
                    return false;
                }

                _lastRefusal = e.Message;
            }

            await CassandraTests.Clock.WaitAsync(_pause);
        }
    }

    private TestRecord Record(int sender)
    {
        var number = Interlocked.Increment(ref _number);
        return new TestRecord(RecordTime.From(Time?.Invoke() ?? Clock.GetUtcNow()), $"request {number} took a while, as requests do")
        {
            Level = (Level)(number % Levels.Count),
            Layer = (Layer)(number / 3 % 2),
            Texts = new Dictionary<NamedField, string>
            {
                [NamedField.Source] = "shop",
                [NamedField.Logger] = $"shop.orders{number % 5}",
                [NamedField.Host] = $"host-{sender}",
                [NamedField.RequestId] = $"r{number / 8}",
            },
        };
    }

    private static List<RecordId> Ids(RecordBatch batch)
    {
        var ids = new List<RecordId>(batch.Count);
        foreach (var record in batch)
        {
            ids.Add(record.Id);
        }

        return ids;
    }
}
