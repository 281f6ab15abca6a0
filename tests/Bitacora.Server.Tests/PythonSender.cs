using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Bitacora.Server.Tests;

/// <summary>Sends as Python's handlers do, and what they never would.</summary>
internal sealed class PythonSender(Socket socket) : IDisposable
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<PythonSender> ConnectAsync(IPEndPoint address, ProtocolType protocol = ProtocolType.Tcp)
    {
        var socket = new Socket(
            address.AddressFamily, protocol == ProtocolType.Tcp ? SocketType.Stream : SocketType.Dgram, protocol);
        await socket.ConnectAsync(address, Cancel);
        return new PythonSender(socket);
    }

    /// <summary>A frame with a record of this message, and a number as another attribute.</summary>
    public static byte[] Frame(string message, byte number = 0) => Framed([
        .. "}("u8, .. Text("name"), .. Text("shop"), .. Text("levelno"), .. "K\x1E"u8, .. Text("msg"), .. Text(message),
        .. Text("number"), (byte)'K', number, .. "u."u8]);

    public static byte[] Framed(byte[] pickle)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, pickle.Length);
        return [.. length, .. pickle];
    }

    public async Task SendAsync(params byte[][] frames) =>
        await socket.SendAsync((byte[])[.. frames.SelectMany(frame => frame)], Cancel);

    /// <summary>Completes when the server closes the connection; it never sends anything.</summary>
    public async Task ClosedAsync()
    {
        try
        {
            (await socket.ReceiveAsync(new byte[1], Cancel)).ShouldBe(0);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Closed while bytes were unread.
        }
    }

    public void Dispose() => socket.Dispose();

    private static byte[] Text(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, utf8.Length);
        return [(byte)'X', .. length, .. utf8];
    }
}
