using Bitacora.Delivery;
using Bitacora.Records;

namespace Bitacora.Client.Tests;

public sealed class SendTests
{
    private static readonly ClientOptions Quick = new() { LongestDelay = TimeSpan.FromTicks(1) };

    [Fact]
    public async Task A_busy_server_gets_the_same_batch_again_until_it_takes_it()
    {
        var bodies = new List<byte[]>();
        await using var server = await ScriptedServer.StartAsync(
            async http =>
            {
                bodies.Add(await BodyAsync(http));
                await ScriptedServer.Answer(429, "{}")(http);
            },
            async http =>
            {
                bodies.Add(await BodyAsync(http));
                http.Abort();
            },
            async http =>
            {
                bodies.Add(await BodyAsync(http));
                http.Request.ContentType.ShouldBe("application/vnd.bitacora.batch");
                await ScriptedServer.Answer(200, """{"accepted":1,"duplicates":1}""")(http);
            });
        var batch = Batch();
        using var client = new BitacoraClient(server.Address, Quick);
        var result = await client.SendAsync(batch, default);
        result.ShouldBe(new SendResult(1, 1, 3));
        bodies.ShouldAllBe(body => body.SequenceEqual(batch.Bytes.ToArray()));
    }

    [Fact]
    public async Task A_definite_refusal_is_not_tried_again()
    {
        await using var server = await ScriptedServer.StartAsync(
            ScriptedServer.Answer(400, """{"code":"bad_batch","detail":"no batch"}"""));
        using var client = new BitacoraClient(server.Address, Quick);
        var fault = await Should.ThrowAsync<ServerRefusedException>(() => client.SendAsync(Batch(), default));
        fault.Code.ShouldBe("bad_batch");
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task It_gives_up_when_its_time_is_over_and_says_what_the_server_said()
    {
        await using var server = await ScriptedServer.StartAsync(
            ScriptedServer.Answer(503, """{"code":"write_failed","detail":"the disk is full"}""", retryAfter: "60"));
        using var client = new BitacoraClient(server.Address, Quick with { SendFor = TimeSpan.FromSeconds(1) });
        var fault = await Should.ThrowAsync<ServerRefusedException>(() => client.SendAsync(Batch(), default));
        (fault.Message, fault.RetryAfter).ShouldBe(("the disk is full", TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task Stored_positions_are_those_of_the_sender_without_a_key()
    {
        await using var server = await ScriptedServer.StartAsync(ScriptedServer.Answer(200, """
            {"origin":"x","senders":[
              {"sender":"00000000000000aa","last_seen":"2024-05-01T00:00:00Z","intervals":[[0,7]]},
              {"sender":"0000000000000000","last_seen":"2024-05-01T00:00:00Z","intervals":[[200,300],[0,100]]}]}
            """));
        using var client = new BitacoraClient(server.Address);
        var ranges = await client.GetOriginAsync(new Origin(0x12), default);
        ranges.ShouldBe([new PositionRange(0, 100), new PositionRange(200, 300)]);
        server.Requests.ShouldBe(["GET /api/origins/00000000000000000000000000000012"]);
    }

    [Fact]
    public async Task An_answer_about_an_origin_that_makes_no_sense_is_one_exception()
    {
        await using var server = await ScriptedServer.StartAsync(ScriptedServer.Answer(200, """{"senders":[{"sender":7}]}"""));
        using var client = new BitacoraClient(server.Address);
        await Should.ThrowAsync<BitacoraClientException>(() => client.GetOriginAsync(new Origin(0x12), default));
    }

    private static async Task<byte[]> BodyAsync(Microsoft.AspNetCore.Http.HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        return body.ToArray();
    }

    private static RecordBatch Batch()
    {
        var builder = new RecordBatchBuilder(SenderId.None, RecordLimits.Default, TimeProvider.System);
        var origin = builder.AddOrigin(Origin.Random());
        var record = builder.Begin();
        record.SetText(NamedField.Message, "m");
        record.TryCommit(origin, 0).ShouldBeTrue();
        return builder.Freeze();
    }
}
