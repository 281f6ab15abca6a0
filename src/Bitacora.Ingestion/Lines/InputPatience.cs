namespace Bitacora.Ingestion.Lines;

/// <summary>
/// How long a batch waits for more input, and a record for more lines, where the input trickles. Lines that come one by one must not put
/// off the batch's first one again and again.
/// </summary>
internal struct InputPatience(TimeProvider clock, TimeSpan? batch, TimeSpan record)
{
    // When the batch that is gathered began to wait for more input; null while it does not.
    private long? _batchSince;
    private long? _recordSince;

    /// <summary>Whether something waits that may not wait for ever.</summary>
    public readonly bool IsNeeded(bool hasBatch, bool hasRecord) => batch is not null && (hasBatch || hasRecord);

    /// <summary>How long until the first of them is due; it begins to wait now if it did not.</summary>
    public TimeSpan Left(bool hasBatch, bool hasRecord)
    {
        var now = clock.GetTimestamp();
        var left = TimeSpan.MaxValue;
        if (hasBatch)
        {
            _batchSince ??= now;
            left = batch!.Value - clock.GetElapsedTime(_batchSince.Value, now);
        }

        if (hasRecord)
        {
            _recordSince ??= now;
            var leftOfRecord = record - clock.GetElapsedTime(_recordSince.Value, now);
            left = leftOfRecord < left ? leftOfRecord : left;
        }

        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    public readonly bool IsBatchDue(bool hasBatch) =>
        hasBatch && (_batchSince is null || clock.GetElapsedTime(_batchSince.Value) >= batch);

    public readonly bool IsRecordDue(bool hasRecord) =>
        hasRecord && _recordSince is { } since && clock.GetElapsedTime(since) >= record;

    /// <summary>A line came: the open record may have grown, so it waits anew.</summary>
    public void Came() => _recordSince = null;

    /// <summary>A batch was delivered.</summary>
    public void Delivered() => _batchSince = null;
}
