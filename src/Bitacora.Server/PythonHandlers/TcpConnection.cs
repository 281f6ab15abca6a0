using System.Net.Sockets;
using Bitacora.Server.Intake;

namespace Bitacora.Server.PythonHandlers;

/// <summary>
/// Reads frames from one connection until its end. While the pipeline does not take what was read, nothing more is read, and the sender
/// waits. Nothing is ever sent: <c>SocketHandler</c> reads nothing.
/// </summary>
internal sealed class TcpConnection(
    Socket socket, PythonHandlerSettings settings, RecordGatherer gatherer, HandlerCounts counts, InFlightBudget budget, TimeProvider clock)
{
    /// <summary>A batch is handed over at so many records or bytes, or so long after its first.</summary>
    public const int BatchRecords = 100;

    public const int BatchBytes = 256 << 10;

    public static readonly TimeSpan BatchTime = TimeSpan.FromMilliseconds(50);

    /// <summary>How long the rest of a frame may take. A handler sends one at once.</summary>
    private static readonly TimeSpan FrameTime = TimeSpan.FromSeconds(30);

    /// <summary>How long a sender that does not pause is listened to after the server began to stop.</summary>
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(1);

    private readonly FrameBuffer _buffer = new(settings.FrameBytes);
    private long _budgetTaken;
    private long _batchSince;
    private long? _frameSince;

    /// <summary>Completes when the connection has ended and all that was read is durable.</summary>
    /// <param name="stopping">The server stops: what the system has received already is read, then the connection ends.</param>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            // Pending and later reads get what was received before, then the end.
            await using var registration = stopping.UnsafeRegister(static socket => ShutDown((Socket)socket!), socket);
            await ReadAsync(stopping);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // The sender is gone, or the server stops; what came of it is handed over below.
        }
        finally
        {
            if (!_buffer.IsEmpty)
            {
                counts.CountTorn();
            }

            await gatherer.DrainAsync();
            ReleaseBudget();
            socket.Dispose();
        }
    }

    private static void ShutDown(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Receive);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has ended by itself.
        }
    }

    private async Task ReadAsync(CancellationToken stopping)
    {
        long? stopSince = null;
        var received = ReceiveAsync();
        while (true)
        {
            if (stopping.IsCancellationRequested && clock.GetElapsedTime(stopSince ??= clock.GetTimestamp()) > StopTime)
            {
                return;
            }

            if (!await CompletesAsync(received, Patience()))
            {
                if (gatherer.IsEmpty)
                {
                    // Silent for too long, with or without a half frame.
                    return;
                }

                await gatherer.HandOverAsync();
                continue;
            }

            var count = await received;
            if (count == 0)
            {
                return;
            }

            _buffer.Received(count);
            if (!await TakeFramesAsync(stopping))
            {
                return;
            }

            received = ReceiveAsync();
        }
    }

    private Task<int> ReceiveAsync() => socket.ReceiveAsync(_buffer.Free, SocketFlags.None).AsTask();

    /// <summary>Whether it completes in time. That it does not is no error, and the read goes on.</summary>
    private async Task<bool> CompletesAsync(Task<int> received, TimeSpan patience)
    {
        if (!received.IsCompleted && patience > TimeSpan.Zero)
        {
            await ((Task)received).WaitAsync(patience, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return received.IsCompleted;
    }

    /// <summary>How long to wait for more: until the batch is due, else until the frame should be whole, else until it is idle.</summary>
    private TimeSpan Patience() => !gatherer.IsEmpty ? BatchTime - clock.GetElapsedTime(_batchSince)
        : !_buffer.IsEmpty ? FrameTime - clock.GetElapsedTime(_frameSince ?? clock.GetTimestamp())
        : settings.Idle;

    /// <summary>Takes all whole frames; false if what is sent is something else.</summary>
    private async Task<bool> TakeFramesAsync(CancellationToken stopping)
    {
        while (true)
        {
            switch (_buffer.Next(out var frame))
            {
                case FrameState.Frame:
                    await AddAsync(frame);
                    break;
                case FrameState.TooLong:
                    counts.CountTooLong();
                    break;
                case FrameState.NeedsRoom:
                    await GrowAsync(stopping);
                    break;
                case FrameState.Foreign:
                    counts.CountUnreadable("a length that no record has; the connection is closed");
                    _buffer.Clear();
                    return false;
                default:
                    _frameSince = _buffer.IsEmpty ? null : _frameSince ?? clock.GetTimestamp();
                    return true;
            }
        }
    }

    private async Task AddAsync(ReadOnlyMemory<byte> frame)
    {
        var wasEmpty = gatherer.IsEmpty;
        gatherer.Add(frame.Span);
        _frameSince = null;
        if (wasEmpty)
        {
            _batchSince = clock.GetTimestamp();
        }

        if (_buffer.CanShrink)
        {
            // A long frame is rare and takes a lot of memory, which is given back as soon as its record is durable.
            await gatherer.DrainAsync();
            gatherer.Shrink();
            _buffer.Shrink();
            ReleaseBudget();
        }
        else if (gatherer.IsFull)
        {
            await gatherer.HandOverAsync();
        }
    }

    /// <summary>A frame that is longer than the usual takes its place among the bodies of HTTP requests: once as it came, once as a
    /// record.</summary>
    private async Task GrowAsync(CancellationToken stopping)
    {
        var more = (2L * _buffer.Needed) - _budgetTaken;
        while (more > 0 && !await budget.TryTakeAsync(more, FrameTime, stopping))
        {
        }

        _budgetTaken += Math.Max(more, 0);
        _buffer.Grow();
    }

    private void ReleaseBudget()
    {
        if (_budgetTaken > 0)
        {
            budget.Release(_budgetTaken);
            _budgetTaken = 0;
        }
    }
}
