namespace Bitacora.Delivery.Forwarding;

/// <summary>
/// What is left in the write-ahead log and not in memory, as counts of ranges of sequences: so it is known soon, and at little cost, which
/// records could not be read back. Guarded by its owner.
/// </summary>
internal sealed class LeftInLog
{
    private const int RangeBatches = 1_024;

    private readonly Queue<Range> _ranges = new();
    private Range? _newest;

    /// <summary>The last sequence that was left; 0 if none ever was.</summary>
    public ulong Through { get; private set; }

    public long Bytes { get; private set; }

    public long Records { get; private set; }

    /// <summary>The next batch is left.</summary>
    public void Add(ulong sequence, int bytes, int records, bool isRecovered)
    {
        if (_ranges.Count == 0 || _newest!.Batches == RangeBatches || _newest.IsRecovered != isRecovered)
        {
            _ranges.Enqueue(_newest = new Range { IsRecovered = isRecovered });
        }

        _newest.Last = sequence;
        _newest.Batches++;
        _newest.Bytes += bytes;
        _newest.Records += records;
        Through = sequence;
        Bytes += bytes;
        Records += records;
    }

    /// <summary>A batch was read back; what was left before its range and was not read is lost.</summary>
    public LostRecords Remove(ulong sequence, int bytes, int records)
    {
        var lost = RemoveBefore(sequence);
        var range = _ranges.Peek();
        range.Bytes -= bytes;
        range.Records -= records;
        Bytes -= bytes;
        Records -= records;
        return lost;
    }

    /// <summary>All that is left is lost.</summary>
    public LostRecords RemoveAll() => RemoveBefore(ulong.MaxValue);

    private LostRecords RemoveBefore(ulong sequence)
    {
        var lost = default(LostRecords);
        while (_ranges.TryPeek(out var oldest) && oldest.Last < sequence)
        {
            _ranges.Dequeue();
            Bytes -= oldest.Bytes;
            Records -= oldest.Records;
            lost = oldest.IsRecovered
                ? lost with { Recovered = lost.Recovered + oldest.Records }
                : lost with { Live = lost.Live + oldest.Records };
        }

        return lost;
    }

    private sealed class Range
    {
        public bool IsRecovered { get; init; }

        public ulong Last { get; set; }

        public int Batches { get; set; }

        public long Bytes { get; set; }

        public long Records { get; set; }
    }
}
