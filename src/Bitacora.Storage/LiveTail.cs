using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Bitacora.Query;
using Bitacora.Records;

namespace Bitacora.Storage;

/// <summary>
/// Hands stored batches to the readers of live tails. A store publishes each batch after it became visible to queries; publishing never
/// waits. Thread-safe.
/// </summary>
public sealed class LiveTail(TimeProvider clock)
{
    /// <summary>How old a record may be when stored and still be live.</summary>
    public static TimeSpan MaxAge { get; } = TimeSpan.FromMinutes(15);

    // 32 MB of ids at most.
    private const int MaxRemembered = 1_000_000;

    private readonly Lock _lock = new();

    // Replaced as a whole under the lock, so that publishing reads it without one.
    private volatile TailReader[] _readers = [];

    /// <summary>The number of tails that are open.</summary>
    public int Readers => _readers.Length;

    /// <summary>Hands a batch to every open tail.</summary>
    public void Publish(RecordBatch batch)
    {
        foreach (var reader in _readers)
        {
            reader.Offer(batch);
        }
    }

    /// <summary>
    /// Runs a tail: what <paramref name="past"/> finds since <see cref="TailOptions.From"/>, oldest first, then live records.
    /// </summary>
    /// <param name="query">Its filter decides; its range and stages do not.</param>
    /// <param name="options">How it begins.</param>
    /// <param name="past">
    /// Answers a query of the past, up to the store's moment of asking; called after live batches began to gather.
    /// </param>
    /// <param name="cancellationToken">Ends the tail.</param>
    public async IAsyncEnumerable<AnswerPart> ReadAsync(
        LogQuery query,
        TailOptions options,
        Func<CancellationToken, IAsyncEnumerable<LogRecord>> past,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(past);
        var reader = new TailReader(options.Buffer);
        Add(reader);
        try
        {
            var seen = new HashSet<RecordId>();
            if (options.From is not null)
            {
                await foreach (var record in past(cancellationToken).ConfigureAwait(false))
                {
                    // The past comes oldest first, and what comes live too is among its newest.
                    if (seen.Count == MaxRemembered)
                    {
                        seen.Clear();
                    }

                    seen.Add(record.Id);
                    yield return new AnswerRecord(record);
                }
            }

            while (await reader.WaitAsync(cancellationToken).ConfigureAwait(false))
            {
                // What waits now may have been seen by the past's query too; what comes later cannot.
                while (reader.TryTake(out var batch, out var passedOver))
                {
                    if (passedOver > 0)
                    {
                        yield return new AnswerGap(passedOver);
                    }

                    foreach (var record in Matching(batch, query, options))
                    {
                        if (seen.Count == 0 || !seen.Remove(record.Id))
                        {
                            yield return new AnswerRecord(record);
                        }
                    }
                }

                seen.Clear();
            }
        }
        finally
        {
            Remove(reader);
        }
    }

    private List<LogRecord> Matching(RecordBatch? batch, LogQuery query, TailOptions options)
    {
        var matching = new List<LogRecord>();
        if (batch is null)
        {
            return matching;
        }

        var oldest = options.From ?? (RecordTime.Now(clock) - MaxAge.Ticks);
        foreach (var record in batch)
        {
            if (record.Time >= oldest && query.Filter.Matches(record))
            {
                matching.Add(record.ToLogRecord());
            }
        }

        return matching;
    }

    private void Add(TailReader reader)
    {
        lock (_lock)
        {
            _readers = [.. _readers, reader];
        }
    }

    private void Remove(TailReader reader)
    {
        lock (_lock)
        {
            _readers = [.. _readers.Where(other => other != reader)];
        }
    }

    /// <summary>The batches that wait for one reader. When it is full, the newest is passed over and counted.</summary>
    private sealed class TailReader(int capacity)
    {
        private readonly Channel<RecordBatch> _batches =
            Channel.CreateBounded<RecordBatch>(new BoundedChannelOptions(capacity) { SingleReader = true });

        private long _passedOver;

        public void Offer(RecordBatch batch)
        {
            if (!_batches.Writer.TryWrite(batch))
            {
                Interlocked.Add(ref _passedOver, batch.Count);
            }
        }

        public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _batches.Reader.WaitToReadAsync(cancellationToken);

        public bool TryTake(out RecordBatch? batch, out long passedOver)
        {
            var taken = _batches.Reader.TryRead(out batch);
            passedOver = taken ? 0 : Interlocked.Exchange(ref _passedOver, 0);
            return taken || passedOver > 0;
        }
    }
}
