using Bitacora.Server.Senders;

namespace Bitacora.Server.Tests.Senders;

public sealed class SenderHeaderTests
{
    [Fact]
    public void A_senders_name_counters_and_last_error_are_read_and_what_is_unknown_is_passed_over()
    {
        SenderHeader.TryParse(
            """name="shop \"eu\"", host="web-1", process=4711, accepted=1200, """ +
            """dropped-full=3, dropped-spool=2,oldest=12.5,x-new=?1, flag """,
            out var header).ShouldBeTrue();
        header.Sender.ShouldBe("shop \"eu\"");
        header.Counter("process").ShouldBe(4711);
        header.Number("oldest").ShouldBe(12.5m);
        header.Dropped.ShouldBe(5);
        header.Drops.ShouldBe([new("full", 3), new("spool", 2)]);
        header.Text("last-error").ShouldBeNull();
        header.Counter("retries").ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("host=\"web\"")]
    [InlineData("name=\"\"")]
    [InlineData("name=shop")]
    [InlineData("name=\"shop")]
    [InlineData("name=\"shop\" accepted=1")]
    [InlineData("name=\"shop\",")]
    [InlineData("name=\"shop\",,x=1")]
    [InlineData("name=\"sh\u00f6p\"")]
    [InlineData("name=\"a\\b\"")]
    [InlineData("Name=\"shop\"")]
    [InlineData("name=\"shop\", n=123456789012345678901")]
    [InlineData("name=\"shop\", n=1.2.3")]
    [InlineData("name=\"shop\", n=-")]
    public void What_is_no_such_dictionary_or_names_nobody_is_refused(string text) =>
        SenderHeader.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void A_header_of_more_than_4_KiB_is_refused_and_a_long_text_is_cut()
    {
        SenderHeader.TryParse($"name=\"shop\", last-error=\"{new string('x', 4096)}\"", out _).ShouldBeFalse();
        SenderHeader.TryParse($"name=\"shop\", last-error=\"{new string('x', 3000)}\"", out var header).ShouldBeTrue();
        header.Text("last-error")!.Length.ShouldBe(200);
    }

    [Fact]
    public void Negative_counters_are_none()
    {
        SenderHeader.TryParse("name=\"shop\", accepted=-5, dropped-full=-3", out var header).ShouldBeTrue();
        (header.Counter("accepted"), header.Dropped).ShouldBe(((long?)null, 0L));
    }

    [Fact]
    public void Counters_beyond_all_measure_and_members_without_number_cost_nothing()
    {
        SenderHeader.TryParse("name=\"s\", dropped-a=9223372036854775807, dropped-b=9223372036854775807", out var header).ShouldBeTrue();
        header.Dropped.ShouldBe(2_000_000_000_000_000);
        var many = string.Join(", ", Enumerable.Range(0, 100).Select(i => $"dropped-x{i}=1, y{i}=1"));
        SenderHeader.TryParse($"name=\"s\", {many}", out header).ShouldBeTrue();
        header.Drops.Count().ShouldBe(16);
        header.Number("y1").ShouldBeNull();
    }

    [Fact]
    public void Whatever_comes_it_is_read_or_refused()
    {
        var random = new Random(7);
        const string Alphabet = "name=\"shop\",host \\?10.5-*x\t\u00e9";
        for (var i = 0; i < 50_000; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(40)).Select(_ => Alphabet[random.Next(Alphabet.Length)])]);
            if (SenderHeader.TryParse(text, out var header))
            {
                header.Sender.ShouldNotBeEmpty();
                header.Dropped.ShouldBeGreaterThanOrEqualTo(0);
            }
        }
    }
}
