using Bitacora.Delivery;
using Bitacora.Records;

namespace Bitacora.Client.Sending;

/// <summary>
/// Sends batches straight from the ring, a few at once, and knows whether the destination answers. One that does not is tried again by one
/// batch at a time, at growing distances, until it does. Of the drain's thread, but for <see cref="Answered"/>.
/// </summary>
internal sealed class DirectLane(IBatchDestination destination, TimeProvider clock, Random random, Action wake)
{
    /// <summary>Enough to keep a server busy while each waits for its fsync.</summary>
    public const int MaxInFlight = 4;

    /// <summary>However long it was away, a destination that is back is noticed within this.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly RetrySchedule _retry = new(random);

    // Requests that nobody waits for any more and that have not ended.
    private readonly List<DirectSend> _abandoned = [];
    private int _inFlight;
    private ulong _sequence;
    private long _failedAt;
    private TimeSpan _pause;
    private volatile bool _answered;

    /// <summary>Whether the destination did not answer when it was asked last.</summary>
    public bool IsAway { get; private set; }

    /// <summary>How often it did not answer.</summary>
    public long Failures { get; private set; }

    /// <summary>Whether as many requests run as may.</summary>
    public bool IsFull => _inFlight + _abandoned.Count >= MaxInFlight;

    /// <summary>Whether a batch may be sent now.</summary>
    public bool CanSend => IsAway
        ? _inFlight == 0 && _abandoned.Count < MaxInFlight && clock.GetElapsedTime(_failedAt) >= _pause
        : !IsFull;

    public DirectSend Send(RecordBatch batch)
    {
        _inFlight++;
        var cancellation = new CancellationTokenSource();
        var task = SendAsync(batch, ++_sequence, cancellation.Token);
        if (!task.IsCompleted)
        {
            // Of one that is, the drain sees it at once; asking would cost a thread of the pool.
            task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(wake);
        }

        return new DirectSend(task, cancellation, clock.GetTimestamp(), IsAway);
    }

    /// <summary>A request has ended and was looked at.</summary>
    public void End(DirectSend send)
    {
        _inFlight--;
        send.Cancellation.Dispose();
    }

    /// <summary>Nobody waits for a request any more; it counts until it ends.</summary>
    /// <param name="send">The request.</param>
    /// <param name="isCancelled">Whether it is given up too.</param>
    public void Abandon(DirectSend send, bool isCancelled)
    {
        _inFlight--;
        _abandoned.Add(send);
        if (isCancelled)
        {
            // Whoever listens must not run here.
            _ = send.Cancellation.CancelAsync();
        }
    }

    /// <summary>The destination answered.</summary>
    public void Succeeded()
    {
        IsAway = false;
        _retry.Reset();
    }

    /// <summary>The destination did not answer, or not in time.</summary>
    public void Failed()
    {
        IsAway = true;
        Failures++;
        _failedAt = clock.GetTimestamp();
        var pause = _retry.Next();
        _pause = pause < LongestPause ? pause : LongestPause;
    }

    /// <summary>The slow lane got an answer: from any thread.</summary>
    public void Answered()
    {
        _answered = true;
        wake();
    }

    /// <summary>The next try is now: there is no time to wait.</summary>
    public void Hurry() => _pause = TimeSpan.Zero;

    /// <summary>Looks at what came from elsewhere.</summary>
    public void Look()
    {
        for (var i = _abandoned.Count - 1; i >= 0; i--)
        {
            var send = _abandoned[i];
            if (send.Task.IsCompleted)
            {
                _answered |= send.Task.IsCompletedSuccessfully;
                _ = send.Task.Exception;
                send.Cancellation.Dispose();
                _abandoned.RemoveAt(i);
            }
        }

        if (_answered)
        {
            _answered = false;
            Succeeded();
        }
    }

    private async Task<IReadOnlyList<RefusedRecord>> SendAsync(RecordBatch batch, ulong sequence, CancellationToken cancellationToken)
    {
        var stored = await destination.AppendAsync(batch, sequence, cancellationToken).ConfigureAwait(false);
        return await stored.WaitAsync(cancellationToken).ConfigureAwait(false);
    }
}
