using System.Text.Encodings.Web;
using System.Text.Json;
using Bitacora.Cli.Showing;
using CsCheck;

namespace Bitacora.Cli.Tests;

public sealed class SafeTextTests
{
    // Relaxed, so that DEL and the C1 controls come raw.
    private static readonly JsonSerializerOptions AsTheServerWrites = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData("plain señor 日本 😀", "plain señor 日本 😀")]
    [InlineData("\u001b[31mred\u001b[0m", "\\x1b[31mred\\x1b[0m")]
    [InlineData("a\tb\r\nc\0d", "a\\tb\\r\\nc\\0d")]
    [InlineData("\u009b31m\u007f", "\\x9b31m\\x7f")]
    [InlineData("evil\u202etxt.exe", "evil\\u202etxt.exe")]
    public void Control_characters_are_shown_as_what_they_are(string text, string shown) => SafeText.Escape(text).ShouldBe(shown);

    [Fact]
    public void Half_a_pair_of_surrogates_is_shown_by_its_number() => SafeText.Escape("half " + '\ud83d' + "!").ShouldBe("half \\ud83d!");

    [Fact]
    public void Line_ends_stay_where_lines_are_wanted() =>
        SafeText.Escape("a\r\n\tb\rc\u001b", keepLineEnds: true).ShouldBe("a\n    b\\rc\\x1b");

    [Fact]
    public void No_text_lets_a_control_character_through() => Gen.String.Sample(text =>
        (SafeText.Escape(text) + SafeJson.ForTerminal(Json(text))).ShouldAllBe(c => !char.IsControl(c)));

    [Fact]
    public void Json_for_a_terminal_is_not_turned_round() =>
        SafeJson.ForTerminal("\"evil\u202etxt.exe \u00e9 \u009b\"").ShouldBe("\"evil\\u202etxt.exe é \\u009b\"");

    [Fact]
    public void Json_for_a_terminal_is_the_same_value() => Gen.String.Sample(text =>
        JsonDocument.Parse(SafeJson.ForTerminal(Json(text))).RootElement.GetString()
            .ShouldBe(JsonDocument.Parse(Json(text)).RootElement.GetString()));

    private static string Json(string text) => JsonSerializer.Serialize(text, AsTheServerWrites);
}
