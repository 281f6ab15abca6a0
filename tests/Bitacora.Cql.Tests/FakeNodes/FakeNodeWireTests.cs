using Bitacora.Testing.Cassandra;

namespace Bitacora.Cql.Tests.FakeNodes;

/// <summary>The fake node's bytes, seen from a socket.</summary>
public class FakeNodeWireTests
{
    private const string GoldenOptions = "090002a4c8c1 050000000500000000 1086284d";

    [Fact]
    public async Task Before_startup_envelopes_are_bare_in_both_versions()
    {
        await using var node = FakeNode.Start();
        foreach (var version in (int[])[4, 5])
        {
            using var client = await RawClient.ConnectAsync(node);
            await client.SendAsync(RawClient.Envelope(version, 0, 5, ""));
            var supported = await client.ReceiveEnvelopeAsync();
            supported.ShouldStartWith($"8{version}00000006");
            supported.ShouldContain(RawClient.Hex("PROTOCOL_VERSIONS"));
            supported.ShouldContain(
                "0004" + "0004" + RawClient.Hex("3/v3") + "0004" + RawClient.Hex("4/v4") + "0004" + RawClient.Hex("5/v5"));
        }
    }

    [Fact]
    public async Task After_ready_version_5_takes_and_gives_segments()
    {
        await using var node = FakeNode.Start();
        using var client = await RawClient.StartAsync(node, 5);
        await client.SendAsync(GoldenOptions);
        (await client.ReceiveSegmentAsync()).ShouldStartWith("8500000006");
        node.Connections.Single().Send(FakeReply.Empty(MessageKind.Options) with { VersionByte = 5 }, 0);
        (await client.ReceiveAsync(19)).ShouldBe(GoldenOptions.Replace(" ", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task After_ready_version_4_stays_bare()
    {
        await using var node = FakeNode.Start();
        using var client = await RawClient.StartAsync(node, 4);
        await client.SendAsync(RawClient.Envelope(4, 7, 5, ""));
        (await client.ReceiveEnvelopeAsync()).ShouldStartWith("8400000706");
    }

    [Fact]
    public async Task Framing_also_begins_after_authenticate()
    {
        await using var node = FakeNode.Start(new() { Authenticator = new("ana", "secret") { SuccessToken = [0xAB] } });
        using var client = await RawClient.ConnectAsync(node);
        await client.SendAsync(RawClient.Startup(5));
        (await client.ReceiveEnvelopeAsync()).ShouldStartWith("8500000103");
        var token = "00" + RawClient.Hex("ana") + "00" + RawClient.Hex("secret");
        await client.SendAsync(Segments.SealHex(RawClient.Envelope(5, 2, 0x0F, "0000000b" + token)));
        (await client.ReceiveSegmentAsync()).ShouldBe("8500000210" + "00000005" + "00000001ab");
    }

    [Fact]
    public async Task Every_split_point_of_what_a_client_sends_decodes_alike()
    {
        await using var node = FakeNode.Start();
        var query = RawClient.Envelope(5, 3, 7, $"00000004 {RawClient.Hex("USE a")[..8]} 0001 00000000");
        var stream = Segments.SealHex(query).Concat(Segments.SealHex(query.Replace("0003", "0004", StringComparison.Ordinal))).ToArray();
        for (var split = 1; split < stream.Length; split++)
        {
            using var client = await RawClient.StartAsync(node, 5);
            await client.SendAsync(stream[..split]);
            await client.SendAsync(stream[split..]);
            await node.Requests.ReceivesAsync(MessageKind.Query, 2 * split);
        }

        node.Violations.ShouldBeEmpty();
        node.Requests.Of(MessageKind.Query).ShouldAllBe(request => request.Cql == "USE " && request.Consistency == 1);
    }

    [Fact]
    public async Task Replies_released_together_share_a_segment()
    {
        await using var node = FakeNode.Start();
        var gate = new ReplyGate();
        node.On(MessageKind.Query, FakeReply.Void with { Gate = gate });
        using var client = await RawClient.StartAsync(node, 5);
        for (var stream = 1; stream <= 3; stream++)
        {
            await client.SendAsync(Segments.SealHex(RawClient.Envelope(5, stream, 7, "00000001 41 0001 00000000")));
        }

        await gate.HoldsAsync(3);
        gate.ReleaseAll(held => held.Reverse());
        (await client.ReceiveSegmentAsync()).ShouldBe(string.Concat(
            new[] { 3, 2, 1 }.Select(stream => $"8500{stream:x4}08" + "00000004" + "00000001")));
    }

    [Fact]
    public async Task A_long_reply_comes_in_slices_and_the_first_has_the_whole_header()
    {
        await using var node = FakeNode.Start(new() { SegmentPayload = 16 });
        node.On(MessageKind.Query, FakeReply.SetKeyspace("a_rather_long_name"));
        using var client = await RawClient.StartAsync(node, 5);
        await client.SendAsync(Segments.SealHex(RawClient.Envelope(5, 1, 7, "00000001 41 0001 00000000")));
        var slices = new[] { await client.ReceiveSegmentAsync(), await client.ReceiveSegmentAsync(), await client.ReceiveSegmentAsync() };
        slices.Select(slice => slice.Length / 2).ShouldBe([16, 16, 1]);
        string.Concat(slices).ShouldBe("8500000108" + "00000018" + "00000003" + "0012" + RawClient.Hex("a_rather_long_name"));
    }

    [Theory]
    [InlineData(131062, 1)]
    [InlineData(131063, 2)]
    [InlineData(10_000_000, 77)]
    public async Task A_long_request_arrives_whole(int bodyLength, int segments)
    {
        await using var node = FakeNode.Start();
        using var client = await RawClient.StartAsync(node, 5);
        var text = new string('x', bodyLength - 10);
        var envelope = RawClient.Bytes(RawClient.Envelope(5, 1, 7, $"{text.Length:x8} {RawClient.Hex(text)} 0001 00000000"));
        foreach (var slice in envelope.Chunk(131071))
        {
            await client.SendAsync(Segments.Seal(slice, selfContained: segments == 1));
        }

        (await client.ReceiveSegmentAsync()).ShouldBe("8500000108" + "00000004" + "00000001");
        var request = node.Requests.Of(MessageKind.Query).Single();
        request.Cql.ShouldBe(text);
        request.Segments.ShouldBe(segments);
    }

    [Theory]
    [InlineData(ReplyDamage.HeaderChecksum)]
    [InlineData(ReplyDamage.PayloadChecksum)]
    public async Task A_damaged_reply_differs_in_one_bit(ReplyDamage damage)
    {
        await using var node = FakeNode.Start();
        node.On(MessageKind.Query, FakeReply.Void with { Damage = damage });
        using var client = await RawClient.StartAsync(node, 5);
        await client.SendAsync(Segments.SealHex(RawClient.Envelope(5, 1, 7, "00000001 41 0001 00000000")));
        var right = Segments.SealHex("8500000108" + "00000004" + "00000001");
        var received = await client.ReceiveBytesAsync(right.Length);
        received.Zip(right).Sum(pair => byte.PopCount((byte)(pair.First ^ pair.Second))).ShouldBe(1);
    }

    [Fact]
    public async Task A_reply_is_cut_at_its_byte()
    {
        await using var node = FakeNode.Start();
        node.On(MessageKind.Query, FakeReply.Void with { CutAfter = 11 });
        using var client = await RawClient.StartAsync(node, 4);
        await client.SendAsync(RawClient.Envelope(4, 1, 7, "00000001 41 0001 00"));
        (await client.ReceiveToEndAsync()).ShouldBe("8400000108" + "00000004" + "0000");
    }

    [Fact]
    public async Task A_reply_stalls_at_its_byte_and_goes_on()
    {
        await using var node = FakeNode.Start();
        var stalled = new TaskCompletionSource();
        node.On(MessageKind.Query, FakeReply.Void with { StallAfter = 9, StallUntil = stalled.Task });
        using var client = await RawClient.StartAsync(node, 4);
        await client.SendAsync(RawClient.Envelope(4, 1, 7, "00000001 41 0001 00"));
        (await client.ReceiveAsync(9)).ShouldBe("8400000108" + "00000004");
        var rest = client.ReceiveAsync(4);
        rest.IsCompleted.ShouldBeFalse();
        stalled.SetResult();
        (await rest).ShouldBe("00000001");
    }

    [Fact]
    public async Task A_reply_lies_about_length_version_opcode_and_stream()
    {
        await using var node = FakeNode.Start();
        node.On(MessageKind.Query, FakeReply.Void with { ClaimedLength = -5, VersionByte = 0x87, Opcode = 0x77, Stream = -2 });
        using var client = await RawClient.StartAsync(node, 4);
        await client.SendAsync(RawClient.Envelope(4, 1, 7, "00000001 41 0001 00"));
        (await client.ReceiveAsync(13)).ShouldBe("8700fffe77" + "fffffffb" + "00000001");
    }

    [Fact]
    public async Task Tracing_warnings_and_payload_come_before_the_message_in_this_order()
    {
        await using var node = FakeNode.Start();
        node.On(MessageKind.Query, FakeErrors.Overloaded("o") with
        {
            TracingId = new Guid("00112233-4455-6677-8899-aabbccddeeff"),
            Warnings = ["w"],
            CustomPayload = new Dictionary<string, byte[]?> { ["k"] = [9] },
            Extra = [0xEE],
        });
        using var client = await RawClient.StartAsync(node, 4);
        await client.SendAsync(RawClient.Envelope(4, 1, 7, "00000001 41 0001 00"));
        (await client.ReceiveEnvelopeAsync()).ShouldBe("840e000100" + "00000027" + "00112233445566778899aabbccddeeff" +
            "0001000177" + "00010001" + "6b" + "0000000109" + "00001001" + "00016f" + "ee");
    }
}
