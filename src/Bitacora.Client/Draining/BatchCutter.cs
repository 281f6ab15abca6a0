using Bitacora.Client.Ring;
using Bitacora.Records;

namespace Bitacora.Client.Draining;

/// <summary>
/// Reads the ring and cuts batches: at exactly so many entries, so many bytes, or so long after the first of them was seen. Of the drain's
/// thread.
/// </summary>
internal sealed class BatchCutter(
    LogRing ring, RingHeader header, LogQueueOptions options, RecordMaker maker, BatchMemory? memory, TimeProvider clock, SelfLog self)
{
    /// <summary>A writer is between claim and publication for some instructions, unless the system takes its processor away.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly RecordBatchBuilder _batch = new(SenderId.None, RecordLimits.Default, clock, memory);
    private long _since;
    private ulong _stuckAt = ulong.MaxValue;
    private long _stuckSince;
    private bool _isStuckTold;

    /// <summary>Entries that are read and not cut.</summary>
    public int Count => _batch.Count;

    /// <summary>The clock's timestamp at which the first of them was seen.</summary>
    public long Since => _since;

    /// <summary>Writers that took longer than <see cref="Patience"/> to finish.</summary>
    public long Stuck { get; private set; }

    /// <summary>The next batch; null while none is due.</summary>
    /// <param name="isHurried">Whether what is there is due.</param>
    public DrainedBatch? Next(bool isHurried)
    {
        var state = Read();
        if (state == ReadState.Entry)
        {
            return Cut();
        }

        Watch(state);
        return _batch.Count > 0 && (isHurried || clock.GetElapsedTime(_since) >= options.FlushPeriod) ? Cut() : null;
    }

    /// <summary>Reads entries until the batch is full, which <see cref="ReadState.Entry"/> says, or there is none to be read.</summary>
    private ReadState Read()
    {
        lock (maker.Turn)
        {
            ReadState state;
            while ((state = ring.TryRead(out var entry)) == ReadState.Entry)
            {
                if (_batch.Count == 0)
                {
                    _since = clock.GetTimestamp();
                }

                maker.Add(_batch, entry, header.Origin, header.Writer);
                if (_batch.Count >= options.BatchSize || _batch.ByteLength >= options.MaxBatchBytes)
                {
                    break;
                }
            }

            return state;
        }
    }

    private DrainedBatch Cut() => new(_batch.Freeze(), ring.ReadPosition, _since);

    /// <summary>What lies behind an unfinished entry waits for it: its writer may still write there.</summary>
    private void Watch(ReadState state)
    {
        var at = ring.ReadPosition.Count;
        if (state != ReadState.Unpublished)
        {
            _stuckAt = ulong.MaxValue;
        }
        else if (_stuckAt != at)
        {
            (_stuckAt, _stuckSince, _isStuckTold) = (at, clock.GetTimestamp(), false);
        }
        else if (!_isStuckTold && clock.GetElapsedTime(_stuckSince) >= Patience)
        {
            _isStuckTold = true;
            Stuck++;
            self.Say("unfinished", "a thread was stopped within a log call; what was logged since waits in the queue until it goes on.");
        }
    }
}
