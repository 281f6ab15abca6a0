using Bitacora.Testing.Cassandra;

namespace Bitacora.Cql.Tests.FakeNodes;

/// <summary>What the fake node understands of requests, and what it refuses.</summary>
public class FakeNodeRequestTests
{
    private static readonly string Text = RawClient.Hex("INSERT INTO ks.t (a, b) VALUES (?, ?)");
    private static readonly string Cql = $"{Text.Length / 2:x8}{Text}";

    [Theory]
    [InlineData(4, "")]
    [InlineData(5, "000000")]
    public async Task A_query_is_decoded_with_all_its_options(int version, string wide)
    {
        await using var node = FakeNode.Start();
        var request = await AnsweredAsync(node, version, 7, $"{Cql} 0006 {wide}3f 0002 00000001 07 fffffffe 00000064 " +
            "00000002 aabb 0009 00000000000003e8");
        request.Cql.ShouldBe("INSERT INTO ks.t (a, b) VALUES (?, ?)");
        request.Values.ShouldBe([FakeValue.Blob(7), FakeValue.Unset]);
        request.Consistency.ShouldBe((ushort)6);
        request.SkipMetadata.ShouldBeTrue();
        request.PageSize.ShouldBe(100);
        request.PagingState.ShouldBe([0xAA, 0xBB]);
        request.SerialConsistency.ShouldBe((ushort)9);
        request.Timestamp.ShouldBe(1000);
    }

    [Fact]
    public async Task Version_5_adds_keyspace_and_time_to_a_query()
    {
        await using var node = FakeNode.Start();
        var request = await AnsweredAsync(node, 5, 7, $"{Cql} 0001 00000180 0002 6b73 00000009");
        request.Keyspace.ShouldBe("ks");
        request.NowInSeconds.ShouldBe(9);
    }

    [Fact]
    public async Task A_batch_is_decoded_with_its_children()
    {
        await using var node = FakeNode.Start();
        var id = await PrepareAsync(node, 5);
        var request = await AnsweredAsync(node, 5, 0x0D,
            $"01 0002 01 0010 {id} 0002 00000001 01 ffffffff 00 {Cql} 0000 0001 00000020 00000000000003e8");
        request.BatchType.ShouldBe(FakeBatchType.Unlogged);
        request.Children.Count.ShouldBe(2);
        request.Children.ShouldAllBe(child => child.Cql == "INSERT INTO ks.t (a, b) VALUES (?, ?)");
        request.Children[0].Values.ShouldBe([FakeValue.Blob(1), FakeValue.Null]);
        request.Timestamp.ShouldBe(1000);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Prepare_answers_the_md5_of_the_text_with_types_and_key_of_a_known_table(int version)
    {
        await using var node = FakeNode.Start();
        node.Tables["ks.t"] = new FakeTable("ks", "t", new("b", FakeType.Text), new("a", FakeType.Int)) { PartitionKey = ["b"] };
        using var client = await RawClient.StartAsync(node, version);
        await client.SendAsync(Framed(version, RawClient.Envelope(version, 1, 9, Cql + (version == 5 ? "00000000" : ""))));
        var answer = version == 5 ? await client.ReceiveSegmentAsync() : await client.ReceiveEnvelopeAsync();
        var metadataId = version == 5 ? "0010" + answer[66..98] : "";
        answer[18..].ShouldBe("00000004" + "0010" + Md5 + metadataId + "00000001" + "00000002" + "00000001" + "0001" +
            "00026b73" + "000174" + "000161" + "0009" + "000162" + "000d" + "00000004" + "00000000");
    }

    [Fact]
    public async Task An_unknown_id_is_answered_unprepared_also_in_a_batch()
    {
        await using var node = FakeNode.Start();
        using var client = await RawClient.StartAsync(node, 4);
        await client.SendAsync(RawClient.Envelope(4, 1, 0x0A, $"0010 {Md5} 0001 00"));
        (await client.ReceiveEnvelopeAsync()).ShouldStartWith("8400000100");
        await client.SendAsync(RawClient.Envelope(4, 1, 0x0D, $"01 0001 01 0010 {Md5} 0000 0001 00"));
        var error = await client.ReceiveEnvelopeAsync();
        error[18..26].ShouldBe("00002500");
        error.ShouldEndWith("0010" + Md5);
    }

    [Fact]
    public async Task A_changed_result_is_told_with_its_new_id()
    {
        await using var node = FakeNode.Start();
        node.Tables["ks.t"] = new FakeTable("ks", "t", new FakeColumn("a", FakeType.Int)) { Rows = [[FakeValue.Int(7)]] };
        var select = RawClient.Hex("SELECT a FROM ks.t");
        node.Declare(new FakePrepared("SELECT a FROM ks.t") { Id = [1], ResultMetadataId = [2], Columns = node.Tables["ks.t"].Columns });
        using var client = await RawClient.StartAsync(node, 5);
        await client.SendAsync(Segments.SealHex(RawClient.Envelope(5, 1, 9, $"{select.Length / 2:x8}{select}00000000")));
        await client.ReceiveSegmentAsync();
        await client.SendAsync(Segments.SealHex(RawClient.Envelope(5, 1, 0x0A, "000101 000102 0001 00000002")));
        (await client.ReceiveSegmentAsync())[18..].ShouldBe("00000002" + "00000004" + "00000001" + "00000001" + "0000000400000007");
        await client.SendAsync(Segments.SealHex(RawClient.Envelope(5, 1, 0x0A, "000101 000109 0001 00000002")));
        (await client.ReceiveSegmentAsync())[18..].ShouldBe("00000002" + "00000009" + "00000001" + "000102" +
            "00026b73" + "000174" + "000161" + "0009" + "00000001" + "0000000400000007");
    }

    [Fact]
    public async Task Pages_follow_one_another_by_their_state()
    {
        await using var node = FakeNode.Start();
        node.Tables["ks.t"] = new FakeTable("ks", "t", new FakeColumn("a", FakeType.Int))
        {
            Rows = [[FakeValue.Int(1)], [FakeValue.Int(2)], [FakeValue.Int(3)]],
        };
        var select = RawClient.Hex("SELECT a FROM ks.t");
        using var client = await RawClient.StartAsync(node, 4);
        await client.SendAsync(RawClient.Envelope(4, 1, 7, $"{select.Length / 2:x8}{select} 0001 06 00000002"));
        (await client.ReceiveEnvelopeAsync())[18..].ShouldBe(
            "00000002" + "00000006" + "00000001" + "0000000400000002" + "00000002" + "0000000400000001" + "0000000400000002");
        await client.SendAsync(RawClient.Envelope(4, 1, 7, $"{select.Length / 2:x8}{select} 0001 0e 00000002 0000000400000002"));
        (await client.ReceiveEnvelopeAsync())[18..].ShouldBe("00000002" + "00000004" + "00000001" + "00000001" + "0000000400000003");
    }

    [Theory]
    [InlineData("00000001 41 0001 00 ff", "1 bytes follow the message's last field")]
    [InlineData("00000001 41 0001 80", "flags 80 in a request of version 4")]
    [InlineData("00000001 41 0001 04 00000000", "a page size of 0")]
    [InlineData("00000001 41 0001 01 0001 fffffffd", "a value of length -3")]
    [InlineData("00000009 41 0001 00", "a field of 9 bytes, but only 4 are left in the body")]
    public async Task What_no_client_may_send_is_noted_and_ends_the_connection(string body, string violation)
    {
        await using var node = FakeNode.Start();
        using var client = await RawClient.StartAsync(node, 4);
        await client.SendAsync(RawClient.Envelope(4, 1, 7, body));
        (await client.ReceiveToEndAsync())[18..26].ShouldBe("0000000a");
        node.Violations.ShouldBe([$"connection 1: {violation}"]);
    }

    [Fact]
    public async Task A_stream_that_is_in_use_may_not_be_used_again()
    {
        await using var node = FakeNode.Start();
        node.On(MessageKind.Query, FakeReply.Silence);
        using var client = await RawClient.StartAsync(node, 4);
        await client.SendAsync(RawClient.Envelope(4, 1, 7, "00000001 41 0001 00"));
        await client.SendAsync(RawClient.Envelope(4, 1, 7, "00000001 41 0001 00"));
        await client.ReceiveToEndAsync();
        node.Violations.ShouldBe(["connection 1: stream 1 is used again before its answer"]);
    }

    [Fact]
    public async Task A_wrong_checksum_from_the_client_is_noted_and_ends_the_connection()
    {
        await using var node = FakeNode.Start();
        using var client = await RawClient.StartAsync(node, 5);
        var segment = Segments.SealHex(RawClient.Envelope(5, 1, 5, ""));
        segment[^1] ^= 1;
        await client.SendAsync(segment);
        await client.ReceiveToEndAsync();
        node.Violations.ShouldBe(["connection 1: a segment payload with a wrong checksum"]);
    }

    [Fact]
    public async Task A_version_that_the_node_does_not_speak_is_refused_in_one_that_it_does()
    {
        await using var node = FakeNode.Start(new() { Versions = [4], SupportedVersions = ["3/v3", "4/v4"] });
        using var client = await RawClient.ConnectAsync(node);
        await client.SendAsync(RawClient.Startup(5));
        var error = await client.ReceiveEnvelopeAsync();
        error.ShouldStartWith("8400000100");
        error.ShouldContain(RawClient.Hex("Invalid or unsupported protocol version (5)"));
        node.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_node_that_died_listens_again_at_its_address()
    {
        await using var node = FakeNode.Start();
        using var first = await RawClient.StartAsync(node, 4);
        node.Die();
        await Should.ThrowAsync<IOException>(first.ReceiveToEndAsync);
        node.Listen();
        using var second = await RawClient.StartAsync(node, 4);
        node.Accepted.ShouldBe(2);
    }

    private static string Md5 => Convert.ToHexStringLower(new FakePrepared("INSERT INTO ks.t (a, b) VALUES (?, ?)").Id);

    private static async Task<string> PrepareAsync(FakeNode node, int version)
    {
        await AnsweredAsync(node, version, 9, Cql + (version == 5 ? "00000000" : ""));
        return Md5;
    }

    private static async Task<FakeRequest> AnsweredAsync(FakeNode node, int version, int opcode, string body)
    {
        using var client = await RawClient.StartAsync(node, version);
        await client.SendAsync(Framed(version, RawClient.Envelope(version, 1, opcode, body)));
        var answer = version == 5 ? await client.ReceiveSegmentAsync() : await client.ReceiveEnvelopeAsync();
        answer.ShouldStartWith($"8{version}00000108");
        node.Violations.ShouldBeEmpty();
        return node.Requests.Of((MessageKind)opcode)[^1];
    }

    private static byte[] Framed(int version, string envelope) => version == 5 ? Segments.SealHex(envelope) : RawClient.Bytes(envelope);
}
