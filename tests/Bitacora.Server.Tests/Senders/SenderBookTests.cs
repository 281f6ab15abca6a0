using System.Net;
using Bitacora.Records;
using Bitacora.Server.Security;
using Bitacora.Server.Senders;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Server.Tests.Senders;

public sealed class SenderBookTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly SenderBook _book;

    public SenderBookTests() => _book = new SenderBook(_clock);

    [Fact]
    public void A_sender_is_known_by_what_it_says_of_itself_and_without_that_by_key_address_and_client()
    {
        _book.Saw(Request("name=\"shop\", host=\"web\", process=1", key: "k"), 10, 1);
        _book.Saw(Request("name=\"shop\", host=\"web\", process=1", key: "k"), 5, 0);
        _book.Saw(Request("name=\"shop\", host=\"web\", process=2", key: "k"), 1, 0);
        _book.Saw(Request(null, key: "k"), 2, 0);
        _book.Saw(Request(null, client: "curl/8"), 3, 0);
        _book.List().Select(sender => (sender.Name, sender.Process, sender.Requests, sender.Records, sender.Rejected)).ShouldBe(
        [
            ("curl/8", null, 1, 3, 0), ("k", null, 1, 2, 0), ("shop", 1L, 2, 15, 1), ("shop", 2L, 1, 1, 0),
        ]);
    }

    [Fact]
    public void Who_sends_without_a_request_is_known_by_handler_and_address()
    {
        _book.Saw("logging.handlers.SocketHandler", "10.0.0.1", 100);
        _book.Saw("logging.handlers.SocketHandler", "10.0.0.1", 20);
        _book.Saw("logging.handlers.SocketHandler", "10.0.0.2", 1);
        _book.List().Select(sender => (sender.Name, sender.Address, sender.Requests, sender.Records, sender.State)).ShouldBe(
        [
            ("logging.handlers.SocketHandler", "10.0.0.1", 2, 120, SenderState.Ok),
            ("logging.handlers.SocketHandler", "10.0.0.2", 1, 1, SenderState.Ok),
        ]);
    }

    [Fact]
    public void A_sender_that_drops_is_marked_for_ten_minutes_and_one_that_is_silent_after_five()
    {
        _book.Saw(Request("name=\"a\", dropped-full=0"), 1, 0);
        _book.Saw(Request("name=\"b\", dropped-full=7"), 1, 0);
        States().ShouldBe([("b", SenderState.Drops), ("a", SenderState.Ok)]);
        _clock.Advance(TimeSpan.FromMinutes(6));
        _book.Saw(Request("name=\"a\", dropped-full=0"), 1, 0);
        _book.Saw(Request("name=\"b\", dropped-full=7"), 1, 0);
        States().ShouldBe([("b", SenderState.Drops), ("a", SenderState.Ok)]);
        _clock.Advance(TimeSpan.FromMinutes(4));
        States().ShouldBe([("a", SenderState.Ok), ("b", SenderState.Ok)]);
        _clock.Advance(TimeSpan.FromMinutes(2));
        States().ShouldBe([("a", SenderState.Silent), ("b", SenderState.Silent)]);
        _book.Saw(Request("name=\"b\", dropped-full=8"), 1, 0);
        States().ShouldBe([("b", SenderState.Drops), ("a", SenderState.Silent)]);
    }

    [Fact]
    public void A_process_that_was_replaced_has_ended_and_one_that_nobody_replaced_is_silent()
    {
        _book.Saw(Request("name=\"shop\", host=\"web\", process=1"), 1, 0);
        _book.Saw(Request("name=\"cron\", host=\"web\", process=2"), 1, 0);
        _clock.Advance(TimeSpan.FromMinutes(6));
        _book.Saw(Request("name=\"shop\", host=\"web\", process=3"), 1, 0);
        _book.List().Select(sender => (sender.Process, sender.State)).ShouldBe(
            [(2L, SenderState.Silent), (3L, SenderState.Ok), (1L, SenderState.Ended)]);
    }

    [Fact]
    public void A_request_that_was_overtaken_says_nothing_new()
    {
        _book.Saw(Request("name=\"a\", accepted=20, dropped-full=3"), 1, 0);
        _clock.Advance(TimeSpan.FromMinutes(11));
        _book.Saw(Request("name=\"a\", accepted=10, dropped-full=2"), 1, 0);
        _book.Saw(Request("name=\"a\", accepted=30, dropped-full=3"), 1, 0);
        _book.List().ShouldHaveSingleItem().State.ShouldBe(SenderState.Ok);
        _book.List()[0].Header!.Counter("accepted").ShouldBe(30);
    }

    [Fact]
    public void After_a_day_a_sender_is_forgotten_and_of_too_many_the_one_that_was_silent_longest()
    {
        _book.Saw(Request("name=\"old\""), 1, 0);
        _clock.Advance(TimeSpan.FromHours(25));
        _book.List().ShouldBeEmpty();
        for (var i = 0; i < 10_001; i++)
        {
            _book.Saw(Request($"name=\"s{i}\""), 1, 0);
            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        _book.Count.ShouldBeInRange(9_000, 10_000);
        _book.List().ShouldNotContain(sender => sender.Name == "s0");
    }

    [Fact]
    public void A_header_that_cannot_be_read_is_counted_and_costs_the_records_nothing()
    {
        _book.Saw(Request("shop"), 3, 0);
        _book.Malformed.ShouldBe(1);
        _book.List().ShouldHaveSingleItem().Records.ShouldBe(3);
    }

    private IEnumerable<(string Name, SenderState State)> States() => _book.List().Select(sender => (sender.Name, sender.State));

    private static DefaultHttpContext Request(string? header, string? key = null, string client = "")
    {
        var http = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Loopback } };
        http.Request.Headers[SenderHeader.Name] = header;
        http.Request.Headers.UserAgent = client;
        if (key is not null)
        {
            http.Features.Set(new Caller(key, SenderId.None));
        }

        return http;
    }
}
