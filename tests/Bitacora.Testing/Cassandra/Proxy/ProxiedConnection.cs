using System.Net;
using System.Net.Sockets;

namespace Bitacora.Testing.Cassandra.Proxy;

/// <summary>One client's connection and the one to the node behind it.</summary>
internal sealed class ProxiedConnection(FaultProxy proxy, Socket client, FaultSchedule toNode, FaultSchedule toClient, TimeProvider time)
    : IDisposable
{
    private readonly Socket _node = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private TaskCompletionSource? _stalled;

    public async Task RunAsync(IPEndPoint target)
    {
        try
        {
            client.NoDelay = true;
            await _node.ConnectAsync(target).ConfigureAwait(false);
            await Task.WhenAll(PumpAsync(client, _node, toNode), PumpAsync(_node, client, toClient)).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            // The node takes no connections: the client's ends as well.
        }
        finally
        {
            Dispose();
        }
    }

    public void Stall() => Interlocked.CompareExchange(
        ref _stalled, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), null);

    public void Resume() => Interlocked.Exchange(ref _stalled, null)?.SetResult();

    /// <summary>Ends both sides; what has passed still arrives.</summary>
    public void Cut()
    {
        foreach (var socket in (Socket[])[client, _node])
        {
            try
            {
                socket.Shutdown(SocketShutdown.Both);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // It has ended already.
            }
        }

        Resume();
    }

    public void Dispose()
    {
        client.Dispose();
        _node.Dispose();
        Resume();
    }

    private async Task PumpAsync(Socket from, Socket to, FaultSchedule schedule)
    {
        try
        {
            var buffer = new byte[64 * 1024];
            var position = 0L;
            int count;
            while ((count = await from.ReceiveAsync(buffer.AsMemory()).ConfigureAwait(false)) > 0)
            {
                await PassAsync(buffer.AsMemory(0, count), to, schedule, position).ConfigureAwait(false);
                position += count;
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            Dispose();
        }
    }

    private async ValueTask PassAsync(Memory<byte> bytes, Socket to, FaultSchedule schedule, long position)
    {
        while (bytes.Length > 0)
        {
            if (Volatile.Read(ref _stalled) is { } stalled)
            {
                await stalled.Task.ConfigureAwait(false);
            }

            var clean = (int)Math.Min(bytes.Length, schedule.NextAt - position);
            if (clean > 0)
            {
                var slice = schedule.Slice(clean);
                await SendAsync(to, bytes[..slice]).ConfigureAwait(false);
                (bytes, position) = (bytes[slice..], position + slice);
                continue;
            }

            proxy.Happened(schedule.Next);
            var skipped = await HappenAsync(schedule, bytes, to).ConfigureAwait(false);
            (bytes, position) = (bytes[skipped..], position + skipped);
            schedule.MoveOn();
        }
    }

    // How many bytes the fault took away.
    private async ValueTask<int> HappenAsync(FaultSchedule schedule, Memory<byte> bytes, Socket to)
    {
        switch (schedule.Next)
        {
            case FaultKind.Cut:
                Cut();
                return bytes.Length;
            case FaultKind.Drop:
                return 1;
            case FaultKind.Corrupt:
                bytes.Span[0] = schedule.Damage(bytes.Span[0]);
                return 0;
            case FaultKind.Duplicate:
                await SendAsync(to, bytes[..1]).ConfigureAwait(false);
                return 0;
            case FaultKind.Delay:
                await PauseAsync(schedule.Delay).ConfigureAwait(false);
                return 0;
            default:
                Stall();
                return 0;
        }
    }

    private static async ValueTask SendAsync(Socket to, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await to.SendAsync(bytes).ConfigureAwait(false)..];
        }
    }

    private async ValueTask PauseAsync(TimeSpan delay)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var timer = time.CreateTimer(_ => over.TrySetResult(), null, delay, Timeout.InfiniteTimeSpan);
        await over.Task.ConfigureAwait(false);
    }
}
