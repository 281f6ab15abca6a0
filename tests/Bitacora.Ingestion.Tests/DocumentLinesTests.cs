using System.Text;

namespace Bitacora.Ingestion.Tests;

public class DocumentLinesTests
{
    private const string Line =
        """{"time":"2024-05-01T12:00:00Z","msg":"a \"quoted\" [text], {ñ\\ \u00e9}","n":-12.5e3,"ok":true,"o":{"l":[1,[2,{"x":null}]]}}""";

    [Fact]
    public void A_line_that_is_torn_anywhere_leaves_the_lines_behind_it_whole()
    {
        string[] good = [Line, """{"msg":"short"}""", """{"a":{"b":[{}]}}""", Line];
        var line = Bytes(Line);
        foreach (var before in (string[])["", "[", "{\n\"msg\":\"first\"\n}\n"])
        {
            for (var cut = 1; cut < line.Length; cut++)
            {
                byte[] body = [.. Bytes(before), .. line.AsSpan(0, cut), .. Bytes("\n" + string.Join('\n', good))];
                DocumentLines.MakeLines(body, out _).ShouldBeTrue();
                var lines = Encoding.UTF8.GetString(body).Split('\n');
                lines[^4..].Select(text => text.Trim()).ShouldBe(good, $"{before} {cut}");
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_document_is_known_by_whatever_piece_of_it_came_first(bool isArray)
    {
        var pretty = Line.Replace(",\"", ",\n  \"").Replace("{\"l\"", "{\n  \"l\"").Replace("[1,[2,", "[\n  1,\n  [\n  2,\n  ");
        var body = Bytes(isArray ? $"[\n  {pretty},\n  {pretty}\n]\n" : $"{pretty}\n{pretty}\n");
        for (var length = isArray ? 1 : Array.IndexOf(body, (byte)'\n') + 1; length <= body.Length; length++)
        {
            DocumentLines.IsDocument(body.AsSpan(0, length), isWhole: false).ShouldBeTrue(Encoding.UTF8.GetString(body, 0, length));
        }

        DocumentLines.MakeLines(body, out var isUnclosed).ShouldBeTrue();
        isUnclosed.ShouldBeFalse();
        var lines = Encoding.UTF8.GetString(body).Split('\n');
        lines.Length.ShouldBe(3);
        lines[2].ShouldBe("");
        lines[..2].ShouldAllBe(line => line.Replace(" ", "") == Line.Replace(" ", ""));
    }

    [Fact]
    public void Whatever_comes_is_made_lines_in_place_and_only_blanks_and_line_ends_change()
    {
        string[] pieces =
        [
            "[", "]", "{", "}", ",", "\"", "\\", "\n", " ", "1", "a", ":", "{\"a\":1}", "{\"a\":\n[]}", "\"x\"", "\r\n", "\uFEFF", "NaN",
        ];
        var random = new Random(7);
        for (var i = 0; i < 100_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(16)).Select(_ => pieces[random.Next(pieces.Length)]));
            var body = Bytes(text);
            DocumentLines.IsDocument(body, isWhole: false);
            DocumentLines.MakeLines(body, out _);
            var before = Bytes(text);
            for (var at = 0; at < body.Length; at++)
            {
                (body[at] == before[at] || body[at] is (byte)' ' or (byte)'\n').ShouldBeTrue(text);
            }
        }
    }

    [Fact]
    public void A_hostile_body_takes_no_longer_than_its_length_asks()
    {
        foreach (var piece in (string[])
            ["{\n", "[", "[{\n", "{\"a\":\"\n", "[{\"a\":\"x\n", "[{\"a\":1}\n", ",", "{\"a\":1},\n", "[{\"a\":[\n"])
        {
            foreach (var begin in (string[])["", "[", "[{\"a\":1},", "{\n}\n"])
            {
                var body = Bytes(begin + string.Concat(Enumerable.Repeat(piece, 50_000)));
                DocumentLines.IsDocument(body, isWhole: false);
                DocumentLines.MakeLines(body, out _);
            }
        }
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
