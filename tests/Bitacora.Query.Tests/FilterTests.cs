using Bitacora.Records;
using Bitacora.Testing.Queries;

namespace Bitacora.Query.Tests;

/// <summary>What conditions mean on records (rules 4 to 10).</summary>
public class FilterTests
{
    [Theory]
    [InlineData("refused", "Connection REFUSED", true)]
    [InlineData("con*refused", "Connection refused", true)]
    [InlineData("con*refused", "refused connection", false)]
    [InlineData("first*second", "first\nline, second", true)]
    [InlineData("*", "", true)]
    [InlineData("\"*\"", "a*b", true)]
    [InlineData("\"*\"", "ab", false)]
    [InlineData("\"\"", "x", true)]
    [InlineData("\"\"", "", false)]
    [InlineData("message:\"\"", "x", true)]
    [InlineData("message:*", "", false)]
    [InlineData("straße", "STRAẞE", true)]
    [InlineData("strasse", "straße", false)]
    [InlineData("σίσυφος", "ΣΊΣΥΦΟΣ", true)]
    [InlineData("short", "\u017Fhort", true)]
    [InlineData("300k", "300\u212A", true)]
    [InlineData("istanbul", "İstanbul", false)]
    [InlineData("İ", "i", false)]
    [InlineData("é", "e\u0301", false)]
    [InlineData("ŉ", "ʼn", false)]
    [InlineData("a*a", "a", false)]
    [InlineData("a**b", "ab", true)]
    [InlineData("message:(disk full)", "full is the disk", true)]
    [InlineData("message:\"disk full\"", "full is the disk", false)]
    [InlineData("message=\"Disk full\"", "disk full", false)]
    [InlineData("message=\"disk full\"", "disk full", true)]
    [InlineData("message~\"^disk.full$\"", "disk\nfull", false)]
    [InlineData("message~a$", "a\n", true)]
    [InlineData("message~^.$", "😀", false)]
    [InlineData("message~\"\\d\"", "٣", true)]
    [InlineData("message~DISK", "disk", false)]
    [InlineData("message~\"(?i)DISK\"", "disk", true)]
    public void Texts_are_searched_folded_and_expressions_are_not(string query, string message, bool matches) =>
        Asking.MatchesMessage(query, message).ShouldBe(matches);

    [Fact]
    public void A_bare_text_is_in_the_message_or_in_the_traceback_each_by_itself()
    {
        Asking.Matches("oops", Asking.Draft("ok", "Oops")).ShouldBeTrue();
        Asking.Matches("ok*oops", Asking.Draft("ok", "oops")).ShouldBeFalse();
        Asking.Matches("message:oops", Asking.Draft("ok", "oops")).ShouldBeFalse();
        Asking.Matches("traceback:oops", Asking.Draft("ok", "oops")).ShouldBeTrue();
        Asking.Matches("\"\"", Asking.Draft("", "oops")).ShouldBeTrue();
        Asking.Matches("shop", Asking.Draft("ok", source: "shop")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("user_id:4", "4", true)]
    [InlineData("user_id:4", "42", false)]
    [InlineData("user_id:4*", "42", true)]
    [InlineData("user_id:*2", "42", true)]
    [InlineData("user_id:*4*", "42", true)]
    [InlineData("user_id:4*4", "4", false)]
    [InlineData("user_id:4*4", "44", true)]
    [InlineData("user_id:ADA", "ada", true)]
    [InlineData("user_id=ADA", "ada", false)]
    [InlineData("user_id=4*", "42", false)]
    [InlineData("user_id=4*", "4*", true)]
    [InlineData("user_id=007", "007", true)]
    [InlineData("user_id=007", "7", false)]
    [InlineData("user_id>100", "101", true)]
    [InlineData("user_id>100", "0101", false)]
    [InlineData("user_id>100", "1e3", true)]
    [InlineData("user_id>100", "1e400", false)]
    [InlineData("user_id>100", "abc", false)]
    [InlineData("user_id~4", "42", true)]
    [InlineData("user_id!~4", "42", false)]
    [InlineData("user_id:\"\"", "", false)]
    [InlineData("user_id=\"\"", "", false)]
    [InlineData("user_id:*", "", false)]
    [InlineData("user_id!=x", "", true)]
    [InlineData("user_id!~x", "", true)]
    [InlineData("NOT user_id:4", "", true)]
    [InlineData("user_id<5", "", false)]
    public void Named_fields_are_compared_whole(string query, string user, bool matches) =>
        Asking.Matches(query, Asking.Draft("m", user: user)).ShouldBe(matches);

    [Theory]
    [InlineData("x:200", true)]
    [InlineData("x:200.0", false)]
    [InlineData("x=200.0", true)]
    [InlineData("x=\"200\"", true)]
    [InlineData("x=0200", true)]
    [InlineData("x=2e2", true)]
    [InlineData("x=200ms", true)]
    [InlineData("x=0.2s", true)]
    [InlineData("x:2*", true)]
    [InlineData("x~^2", true)]
    [InlineData("x>=200", true)]
    [InlineData("x>200", false)]
    [InlineData("x<201", true)]
    [InlineData("x!=200", false)]
    [InlineData("x>0.1s", true)]
    public void Numbers_are_text_for_a_colon_and_numbers_for_the_others(string query, bool matches)
    {
        Asking.Matches(query, Asking.Draft(attributes: "x".Is(200L))).ShouldBe(matches);
        Asking.Matches(query, Asking.Draft(attributes: "x".Is(200.0))).ShouldBe(matches);
    }

    [Fact]
    public void Long_integers_compare_exactly_and_doubles_as_doubles()
    {
        RecordDraft large = Asking.Draft(attributes: "x".Is(9007199254740993L));
        Asking.Matches("x=9007199254740993", large).ShouldBeTrue();
        Asking.Matches("x=9007199254740992", large).ShouldBeFalse();
        Asking.Matches("x>9007199254740992", large).ShouldBeTrue();
        Asking.Matches("x=9007199254740992.0", large).ShouldBeTrue();
        Asking.Matches("x>9007199254740992", Asking.Draft(attributes: "x".Is("9007199254740993"))).ShouldBeTrue();
    }

    [Theory]
    [InlineData(7.0, "7")]
    [InlineData(0.5, "0.5")]
    [InlineData(1e21, "1E+21")]
    [InlineData(-0.0, "0")]
    public void Doubles_have_one_text(double value, string text)
    {
        Asking.Matches($"x:\"{text}\"", Asking.Draft(attributes: "x".Is(value))).ShouldBeTrue();
        Asking.Matches($"duration_ms:\"{text}\"", Asking.Draft(duration: value)).ShouldBeTrue();
        Asking.Matches($"x~\"^{text.Replace("+", "\\\\+", StringComparison.Ordinal)}$\"", Asking.Draft(attributes: "x".Is(value)))
            .ShouldBeTrue();
    }

    [Fact]
    public void Truth_values_are_compared_by_their_text()
    {
        RecordDraft yes = Asking.Draft(attributes: "ok".Is(true));
        Asking.Matches("ok:TRUE", yes).ShouldBeTrue();
        Asking.Matches("ok=true", yes).ShouldBeTrue();
        Asking.Matches("ok=True", yes).ShouldBeFalse();
        Asking.Matches("ok=1", yes).ShouldBeFalse();
        Asking.Matches("ok>0", yes).ShouldBeFalse();
    }

    [Fact]
    public void NaN_is_no_number()
    {
        RecordDraft nan = Asking.Draft(attributes: "x".Is(double.NaN));
        foreach (string query in (string[])["x<5", "x>5", "x<=5", "x>=5", "x=5"])
        {
            Asking.Matches(query, nan).ShouldBeFalse();
        }
    }

    [Fact]
    public void An_empty_attribute_is_a_value()
    {
        RecordDraft empty = Asking.Draft(attributes: "x".Is(""));
        Asking.Matches("x:*", empty).ShouldBeTrue();
        Asking.Matches("x:\"\"", empty).ShouldBeTrue();
        Asking.Matches("x=\"\"", empty).ShouldBeTrue();
        Asking.Matches("x:\"\"", Asking.Draft()).ShouldBeFalse();
        Asking.Matches("NOT x:*", Asking.Draft()).ShouldBeTrue();
    }

    [Fact]
    public void Durations_are_compared_in_milliseconds()
    {
        RecordDraft slow = Asking.Draft(duration: 1001);
        Asking.Matches("duration_ms=1.001s", slow).ShouldBeTrue();
        Asking.Matches("duration_ms>1s", slow).ShouldBeTrue();
        Asking.Matches("duration_ms>\"250\"", slow).ShouldBeTrue();
        Asking.Matches("duration_ms=1001", slow).ShouldBeTrue();
        Asking.Matches("duration_ms>=0", Asking.Draft()).ShouldBeFalse();
        Asking.Matches("NOT duration_ms:*", Asking.Draft()).ShouldBeTrue();
    }

    [Fact]
    public void An_attribute_that_bears_a_fields_name_is_reached_by_force_only()
    {
        RecordDraft draft = Asking.Draft(level: Level.Info, source: "shop",
            attributes: ["level".Is("gold"), "source".Is("north"), "Level".Is("x")]);
        Asking.Matches("level:INFO", draft).ShouldBeTrue();
        Asking.Matches("metadata.level:gold", draft).ShouldBeTrue();
        Asking.Matches("attributes.source:north", draft).ShouldBeTrue();
        Asking.Matches("source:north", draft).ShouldBeFalse();
        Asking.Matches("Level:x", draft).ShouldBeTrue();
    }

    [Fact]
    public void Ids_are_compared_as_text()
    {
        RecordBatch batch = Asking.Batch(Asking.Draft("a"));
        string id = batch[0].Id.ToString();
        Asking.Parse($"id:{id.ToUpperInvariant()}").Matches(batch[0]).ShouldBeTrue();
        Asking.Parse($"id={id}").Matches(batch[0]).ShouldBeTrue();
        Asking.Parse($"id:{id[..8]}*").Matches(batch[0]).ShouldBeTrue();
        Asking.Parse("id:0").Matches(batch[0]).ShouldBeFalse();
    }

    [Fact]
    public void Texts_longer_than_any_buffer_on_the_stack_are_matched_too()
    {
        string text = new string('ä', 5000) + "Needle" + new string('ö', 5000);
        Asking.MatchesMessage("needle", text).ShouldBeTrue();
        Asking.MatchesMessage("Ä*NEEDLE*Ö", text).ShouldBeTrue();
        Asking.MatchesMessage("message~Needleö", text).ShouldBeTrue();
        Asking.MatchesMessage("message~needle", text).ShouldBeFalse();
    }
}
