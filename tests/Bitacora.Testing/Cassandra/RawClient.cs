using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Bitacora.Testing.Cassandra;

/// <summary>A client that sends and receives bytes as the test writes them down.</summary>
public sealed class RawClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TcpClient _client = new();
    private readonly CancellationTokenSource _deadline = new(Patience);

    private NetworkStream Stream => _client.GetStream();

    public static Task<RawClient> ConnectAsync(FakeNode node) => ConnectAsync(node.EndPoint);

    public static async Task<RawClient> ConnectAsync(IPEndPoint node)
    {
        var client = new RawClient();
        await client._client.ConnectAsync(node, client._deadline.Token);
        client._client.NoDelay = true;
        return client;
    }

    /// <summary>Connected, with STARTUP answered READY.</summary>
    public static Task<RawClient> StartAsync(FakeNode node, int version) => StartAsync(node.EndPoint, version);

    public static async Task<RawClient> StartAsync(IPEndPoint node, int version)
    {
        var client = await ConnectAsync(node);
        await client.SendAsync(Startup(version));
        (await client.ReceiveAsync(9)).ShouldBe($"8{version}0000010200000000");
        return client;
    }

    public static string Startup(int version) =>
        $"0{version}00000101 00000016 0001 000b{Hex("CQL_VERSION")} 0005{Hex("3.0.0")}";

    public static string Hex(string text) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text));

    /// <summary>A request's header and body; the body as hex.</summary>
    public static string Envelope(int version, int stream, int opcode, string body)
    {
        body = body.Replace(" ", "", StringComparison.Ordinal);
        return $"{version:x2}00{stream:x4}{opcode:x2}{body.Length / 2:x8}{body}";
    }

    public ValueTask SendAsync(string hex) => SendAsync(Bytes(hex));

    public ValueTask SendAsync(byte[] bytes) => Stream.WriteAsync(bytes, _deadline.Token);

    public static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    public async Task<byte[]> ReceiveBytesAsync(int count)
    {
        var bytes = new byte[count];
        await Stream.ReadExactlyAsync(bytes, _deadline.Token);
        return bytes;
    }

    public async Task<string> ReceiveAsync(int count) => Convert.ToHexStringLower(await ReceiveBytesAsync(count));

    /// <summary>One whole bare envelope as hex.</summary>
    public async Task<string> ReceiveEnvelopeAsync()
    {
        var header = await ReceiveBytesAsync(9);
        return Convert.ToHexStringLower(header) + await ReceiveAsync(BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(5)));
    }

    /// <summary>The payload of one segment whose checksums are right.</summary>
    public async Task<string> ReceiveSegmentAsync()
    {
        var header = await ReceiveBytesAsync(6);
        var length = header[0] | header[1] << 8 | (header[2] & 1) << 16;
        var rest = await ReceiveBytesAsync(length + 4);
        var expected = Convert.ToHexStringLower(Segments.Seal(rest.AsSpan(0, length), (header[2] & 2) != 0));
        (Convert.ToHexStringLower(header) + Convert.ToHexStringLower(rest)).ShouldBe(expected);
        return Convert.ToHexStringLower(rest[..length]);
    }

    /// <summary>Sends one request, in a segment of its own with v5, and receives one answer, both without segments.</summary>
    public async Task<string> AskAsync(int version, int stream, int opcode, string body)
    {
        var envelope = Envelope(version, stream, opcode, body);
        await SendAsync(version >= 5 ? Segments.SealHex(envelope) : Bytes(envelope));
        return version >= 5 ? await ReceiveSegmentAsync() : await ReceiveEnvelopeAsync();
    }

    /// <summary>A [long string].</summary>
    public static string LongText(string text) => $"{Encoding.UTF8.GetByteCount(text):x8}{Hex(text)}";

    /// <summary>The rest until the node ends the connection.</summary>
    public async Task<string> ReceiveToEndAsync()
    {
        using var rest = new MemoryStream();
        await Stream.CopyToAsync(rest, _deadline.Token);
        return Convert.ToHexStringLower(rest.ToArray());
    }

    public void Dispose()
    {
        _client.Dispose();
        _deadline.Dispose();
    }
}
