using Bitacora.Delivery;
using Bitacora.Ingestion;

namespace Bitacora.Server.PythonHandlers;

/// <summary>What became of the frames of one transport. Safe from any thread.</summary>
internal sealed class HandlerCounts(DeliveryCounters records)
{
    private long _taken;
    private long _unreadable;
    private long _torn;
    private long _tooLong;
    private long _lost;
    private long _refused;
    private volatile string _reason = "";

    /// <summary>Records that were read.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>Frames that hold no record.</summary>
    public long Unreadable => Interlocked.Read(ref _unreadable);

    /// <summary>Frames of which a part came.</summary>
    public long Torn => Interlocked.Read(ref _torn);

    /// <summary>Frames that are longer than allowed.</summary>
    public long TooLong => Interlocked.Read(ref _tooLong);

    /// <summary>Records that were read and that nobody took until the end.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Connections beyond those that may be open.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Why the last frame of <see cref="Unreadable"/> could not be read; nothing that was sent is in it.</summary>
    public string Reason => _reason;

    public void CountTaken() => Interlocked.Increment(ref _taken);

    public void CountUnreadable(string reason)
    {
        _reason = reason;
        Reject(ref _unreadable);
    }

    public void CountUnreadable(PickleException fault) => CountUnreadable(fault.Message);

    public void CountTorn() => Reject(ref _torn);

    public void CountTooLong() => Reject(ref _tooLong);

    public void CountLost(int count) => Interlocked.Add(ref _lost, count);

    public void CountRefused() => Interlocked.Increment(ref _refused);

    /// <summary>No batch has what is counted here, but it came and was refused.</summary>
    private void Reject(ref long count)
    {
        Interlocked.Increment(ref count);
        records.CountRejected(1);
    }
}
