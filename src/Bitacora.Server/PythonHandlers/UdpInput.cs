using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Bitacora.Server.PythonHandlers;

/// <summary>
/// Receives what <c>DatagramHandler</c> sends, a frame a datagram. It goes on receiving while a batch is on its way; when the next is full
/// too, it waits, and what the system cannot hold meanwhile it drops and counts.
/// </summary>
internal sealed class UdpInput(Socket socket, int maxFrame, RecordGatherer gatherer, HandlerCounts counts, TimeProvider clock) : IDisposable
{
    /// <summary>A batch may grow to so many records or bytes while the one before is on its way.</summary>
    public const int BatchRecords = 1000;

    public const int BatchBytes = 2 << 20;

    /// <summary>What is asked of the system as its buffer; how much it gives is its administrator's choice.</summary>
    public const int ReceiveBufferBytes = 4 << 20;

    private const int LengthBytes = 4;
    private const int MaxDatagram = 64 << 10;

    /// <summary>How long senders that do not pause are listened to after the server began to stop.</summary>
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(1);

    private readonly byte[] _datagram = new byte[MaxDatagram];
    private long _batchSince;
    private long _droppedAtEnd;
    private bool _hasEnded;

    public IPEndPoint Address { get; } = (IPEndPoint)socket.LocalEndPoint!;

    /// <summary>Datagrams that the system received and dropped because nobody read them in time; 0 where it does not say.</summary>
    public long Dropped => Volatile.Read(ref _hasEnded) ? _droppedAtEnd : ReadDropped();

    /// <summary>Receives until the server stops, then completes when all that came is durable.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            await ReceiveAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            var since = clock.GetTimestamp();
            while (socket.Available > 0 && clock.GetElapsedTime(since) < StopTime)
            {
                await TakeAsync(socket.Receive(_datagram));
            }
        }
        finally
        {
            await gatherer.DrainAsync();
            _droppedAtEnd = ReadDropped();
            Volatile.Write(ref _hasEnded, true);
            socket.Dispose();
        }
    }

    public void Dispose() => socket.Dispose();

    private async Task ReceiveAsync(CancellationToken stopping)
    {
        while (true)
        {
            var received = socket.ReceiveAsync(_datagram, SocketFlags.None, stopping).AsTask();
            while (!received.IsCompleted)
            {
                var due = IsDue();
                if (due && !gatherer.IsBusy)
                {
                    await gatherer.HandOverAsync();
                }

                var patience = gatherer.IsEmpty ? Timeout.InfiniteTimeSpan
                    : due ? TcpConnection.BatchTime
                    : TcpConnection.BatchTime - clock.GetElapsedTime(_batchSince);
                if (patience == Timeout.InfiniteTimeSpan || patience > TimeSpan.Zero)
                {
                    // The read itself ends when the server stops.
                    await ((Task)received).WaitAsync(patience, clock, CancellationToken.None)
                        .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }

            await TakeAsync(await received);
        }
    }

    private bool IsDue() => !gatherer.IsEmpty
        && (gatherer.Count >= TcpConnection.BatchRecords || clock.GetElapsedTime(_batchSince) >= TcpConnection.BatchTime);

    private async Task TakeAsync(int length)
    {
        Add(_datagram.AsSpan(0, length));
        if (gatherer.IsFull || (IsDue() && !gatherer.IsBusy))
        {
            await gatherer.HandOverAsync();
        }
    }

    private void Add(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length < LengthBytes)
        {
            counts.CountTorn();
            return;
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(datagram);
        var frame = datagram[LengthBytes..];
        if (length > maxFrame)
        {
            counts.CountTooLong();
        }
        else if (length > frame.Length)
        {
            counts.CountTorn();
        }
        else if (length < frame.Length)
        {
            counts.CountUnreadable("a datagram is longer than its frame");
        }
        else
        {
            var wasEmpty = gatherer.IsEmpty;
            gatherer.Add(frame);
            _batchSince = wasEmpty ? clock.GetTimestamp() : _batchSince;
        }
    }

    /// <summary>The last column of the system's table of sockets, in the row of this one.</summary>
    private long ReadDropped()
    {
        try
        {
            var link = new FileInfo($"/proc/self/fd/{socket.SafeHandle.DangerousGetHandle()}").LinkTarget;
            if (link is null || !link.StartsWith("socket:[", StringComparison.Ordinal))
            {
                return 0;
            }

            var inode = link["socket:[".Length..^1];
            return (from path in (string[])["/proc/net/udp", "/proc/net/udp6"]
                    where File.Exists(path)
                    from line in File.ReadLines(path)
                    let columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    where columns.Length >= 13 && columns[9] == inode
                    select long.Parse(columns[^1], CultureInfo.InvariantCulture)).FirstOrDefault();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException or FormatException)
        {
            return 0;
        }
    }
}
