using System.Buffers.Binary;
using System.Text;

namespace Bitacora.Ingestion.Tests.Formats;

public class JournalExportTests
{
    private const string Time = "__REALTIME_TIMESTAMP=1714566605123456\n";
    private const string Shown = "time=2024-05-01T12:30:05.1234560Z layer=infrastructure ";

    [Fact]
    public async Task A_value_may_hold_blank_lines_and_what_looks_like_entries()
    {
        var value = "a\n\n{\"msg\":\"b\"}\nTraceback (most recent call last):\n" + Time + "MESSAGE=c\n\n\n";
        (await Read([.. Bytes(Time + "MESSAGE\n"), .. Value(Bytes(value)), .. Bytes("A=1\n\n" + Time + "MESSAGE=d\n\n")]))
            .ShouldBe([Shown + "message=" + value + " A:'1'", Shown + "message=d"]);
    }

    [Fact]
    public async Task Blank_lines_at_the_end_of_an_entrys_last_value_do_not_join_it_to_the_next() =>
        (await Read([.. Bytes(Time + "MESSAGE\n"), .. Value("a\n\n\n"u8), .. Bytes("\n" + Time + "MESSAGE=d\n\n")]))
            .ShouldBe([Shown + "message=a", Shown + "message=d"]);

    [Theory]
    [InlineData(10)]
    [InlineData(0)]
    [InlineData(13)]
    [InlineData(2570)]
    public async Task A_length_may_look_like_the_end_of_a_line(int length)
    {
        var value = string.Concat(Enumerable.Repeat("x", length));
        (await Read([.. Bytes(Time + "MESSAGE\n"), .. Value(Bytes(value)), .. Bytes("A=1\n\n" + Time + "A=2\n\n")]))
            .ShouldBe([Shown + (length == 0 ? "" : $"message={value} ") + "A:'1'", Shown + "A:'2'"]);
    }

    [Fact]
    public async Task A_name_that_comes_twice_is_an_array() =>
        (await Read(Bytes(Time + "A=1\nB=2\nA=\"\\\nA=\u0001\n\n"))).ShouldBe([Shown + "A:'[\"1\",\"\\\"\\\\\",\"\\u0001\"]' B:'2'"]);

    [Theory]
    [InlineData("a\r\nb\r\nc")]
    [InlineData("a\r\n\r\n \t\nb\r")]
    [InlineData("\r\n\nb")]
    public async Task A_value_keeps_its_carriage_returns_and_the_blanks_of_its_blank_lines(string value) =>
        (await Read([.. Bytes(Time + "MESSAGE\n"), .. Value(Bytes(value)), .. Bytes("A=1\nB=2\n\n" + Time + "A=2\n\n")]))
            .ShouldBe([Shown + $"message={value} A:'1' B:'2'", Shown + "A:'2'"]);

    [Fact]
    public async Task Entries_with_line_ends_of_Windows_keep_their_fields() =>
        (await Read(Bytes((Time + "A=1\nMESSAGE=a\n\n" + Time + "A=2\n\n").Replace("\n", "\r\n", StringComparison.Ordinal))))
            .ShouldBe([Shown + "message=a A:'1'", Shown + "A:'2'"]);

    [Theory]
    [InlineData("MESSAGE=a\nlower=case\n")]
    [InlineData("MESSAGE=a\nMESSAGE\n")]
    [InlineData("MESSAGE\nshort\n")]
    [InlineData("1A=a\n")]
    public async Task An_entry_with_something_else_in_it_is_kept_as_it_is(string lines)
    {
        var records = await Read(Bytes(Time + lines + "\n" + Time + "A=2\n\n"));
        records.Count.ShouldBeLessThanOrEqualTo(2);
        records[0].ShouldContain("message=" + (Time + lines).TrimEnd('\n'));
        records[0].ShouldContain("parse_error:");
    }

    [Fact]
    public async Task A_blank_line_too_many_ends_nothing_twice() =>
        (await Read(Bytes("\n" + Time + "A=1\n\n\n\n" + Time + "A=2"))).ShouldBe([Shown + "A:'1'", Shown + "A:'2'"]);

    /// <summary>A value as it stands behind a line with its name.</summary>
    public static byte[] Value(ReadOnlySpan<byte> value)
    {
        var bytes = new byte[8 + value.Length + 1];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value.Length);
        value.CopyTo(bytes.AsSpan(8));
        bytes[^1] = (byte)'\n';
        return bytes;
    }

    private static async Task<List<string>> Read(byte[] bytes)
    {
        var context = new FormatContext(TimeZoneInfo.Utc, DateTimeOffset.UnixEpoch);
        var reading = await FormatReading.ReadAsync(bytes, context);
        reading.Format.Format.Id.ShouldBe("journal-export");
        return [.. reading.Records.Select(entry => Decoded.Show(entry.Record))];
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
