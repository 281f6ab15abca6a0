using System.Net.Sockets;
using Bitacora.Testing.Cassandra;

namespace Bitacora.Cql.Tests.FakeNodes;

[Collection(nameof(AllocationTests))]
public class SteadyAnswersTests
{
    private const int Warmup = 2_000, Measured = 5_000;

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_steady_node_allocates_nothing(int version)
    {
        await using var node = FakeNode.Start();
        // A socket that has only ever been used without async does not allocate itself.
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 20_000 };
        client.Connect(node.EndPoint);
        Exchange(client, RawClient.Bytes(RawClient.Startup(version)), RawClient.Bytes($"8{version}0000010200000000"), times: 1);
        node.SteadyAnswers = new SteadyAnswers();
        var request = RawClient.Envelope(version, 1, 0x0A, "000101" + (version == 5 ? "000102 0001 00000000" : "0001 00"));
        var bytes = version == 5 ? Segments.SealHex(request) : RawClient.Bytes(request);
        var envelope = $"8{version}00000108" + "00000004" + "00000001";
        var answer = version == 5 ? Segments.SealHex(envelope) : RawClient.Bytes(envelope);
        Exchange(client, bytes, answer, Warmup);

        var before = GC.GetTotalAllocatedBytes(precise: true);
        Exchange(client, bytes, answer, Measured);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        node.SteadyAnswers.Requests.ShouldBe(Warmup + Measured);
        // The smallest object has 24 bytes: what remains below one for ten requests is the runtime's own.
        allocated.ShouldBeLessThan(Measured * 24 / 10);
    }

    [Fact]
    public async Task Pages_lead_from_one_to_the_next()
    {
        await using var node = FakeNode.Start();
        using var client = await RawClient.StartAsync(node, 4);
        FakeRows Page(int value) => new([new("a", FakeType.Int)], [[FakeValue.Int(value)]]);
        node.SteadyAnswers = new SteadyAnswers([7], [Page(1), Page(2)]);
        await client.SendAsync(RawClient.Envelope(4, 1, 0x0A, "000107 0001 05 0001 00000001ff 00000064"));
        (await client.ReceiveEnvelopeAsync())[18..].ShouldBe(
            "00000002" + "00000006" + "00000001" + "0000000400000001" + "00000001" + "0000000400000001");
        await client.SendAsync(RawClient.Envelope(4, 1, 0x0A, "000107 0001 0d 0001 00000001ff 00000064 0000000400000001"));
        (await client.ReceiveEnvelopeAsync())[18..].ShouldBe("00000002" + "00000004" + "00000001" + "00000001" + "0000000400000002");
    }

    private static void Exchange(Socket socket, byte[] request, byte[] answer, int times)
    {
        Span<byte> received = stackalloc byte[answer.Length];
        for (var i = 0; i < times; i++)
        {
            socket.Send(request);
            for (var read = 0; read < answer.Length;)
            {
                read += socket.Receive(received[read..]);
            }

            if (!received.SequenceEqual(answer))
            {
                throw new InvalidOperationException($"Received {Convert.ToHexString(received)}.");
            }
        }
    }
}
