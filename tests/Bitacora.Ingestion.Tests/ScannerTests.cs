using System.Text;
using Bitacora.Ingestion.Lines;

namespace Bitacora.Ingestion.Tests;

/// <summary>The parts of which decoders of log lines are made.</summary>
public class ScannerTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", 0)]
    [InlineData("192.0.2.1:80", "192.0.2.1", 80)]
    [InlineData("[2001:db8::1]:443", "2001:db8::1", 443)]
    [InlineData("[2001:db8::1]", "2001:db8::1", 0)]
    [InlineData("2001:db8::1", "2001:db8::1", 0)]
    [InlineData("shop.example.com:8080", "shop.example.com", 8080)]
    [InlineData("localhost", "localhost", 0)]
    public void Addresses_are_split_from_their_ports(string text, string address, int port)
    {
        AddressPort.TrySplit(Encoding.UTF8.GetBytes(text), out var actual, out var actualPort).ShouldBeTrue();
        (Encoding.UTF8.GetString(actual), actualPort).ShouldBe((address, port));
    }

    [Theory]
    [InlineData("")]
    [InlineData("192.0.2.1:")]
    [InlineData("192.0.2.1:65536")]
    [InlineData("[2001:db8::1")]
    [InlineData("[2001:db8::1]443")]
    [InlineData("host:http")]
    public void What_has_no_port_behind_its_colon_is_not_split(string text) =>
        AddressPort.TrySplit(Encoding.UTF8.GetBytes(text), out _, out _).ShouldBeFalse();

    [Theory]
    [InlineData("192.0.2.1", true)]
    [InlineData("2001:db8::1", true)]
    [InlineData("::", true)]
    [InlineData("192.0.2", false)]
    [InlineData("192.0.2.256", false)]
    [InlineData("7", false)]
    [InlineData("example.com", false)]
    [InlineData("", false)]
    public void Addresses_are_told_from_names(string text, bool isAddress) =>
        AddressPort.IsAddress(Encoding.UTF8.GetBytes(text)).ShouldBe(isAddress);

    [Theory]
    [InlineData("a=1 b=\"x y\" c", "a=1|b=x y|c", true)]
    [InlineData("  a=\ttab  ", "a=|tab", true)]
    [InlineData("msg=\"say \\\"hi\\\"\\n\" z=\"\"", "msg=say \"hi\"\n|z=", true)]
    [InlineData("a=\"open", "a=\"open", true)]
    [InlineData("=x a=1", "x|a=1", false)]
    [InlineData("\"q\" a=1", "a=1", false)]
    [InlineData("x\"y a=1", "y|a=1", false)]
    [InlineData("", "", true)]
    public void Pairs_are_found(string text, string pairs, bool isClean)
    {
        var found = new List<string>();
        var values = new KeyValues(Encoding.UTF8.GetBytes(text));
        while (values.MoveNext())
        {
            var value = new byte[values.Value.Length];
            var length = values.IsEscaped ? KeyValues.Unescape(values.Value, value) : values.Value.Length;
            values.Value[..(values.IsEscaped ? 0 : length)].CopyTo(value);
            found.Add(Encoding.UTF8.GetString(values.Key)
                + (values.IsBare ? "" : "=" + Encoding.UTF8.GetString(value.AsSpan(0, length))));
        }

        string.Join('|', found).ShouldBe(pairs);
        values.IsClean.ShouldBe(isClean);
    }

    [Fact]
    public void A_cursor_takes_what_fits_and_stays_where_nothing_does()
    {
        var cursor = new ByteCursor("[7] \"a \\\"b\\\"\" 42x GET /"u8);
        cursor.TryTakeBracketed(out var inside).ShouldBeTrue();
        Encoding.UTF8.GetString(inside).ShouldBe("7");
        cursor.TryTakeQuoted(out _, out _).ShouldBeFalse();
        cursor.SkipBlanks();
        cursor.TryTakeQuoted(out inside, out var isEscaped).ShouldBeTrue();
        (Encoding.UTF8.GetString(inside), isEscaped).ShouldBe(("a \\\"b\\\"", true));
        cursor.TryTake((byte)' ').ShouldBeTrue();
        cursor.TryTakeDigits(3, 3, out _).ShouldBeFalse();
        cursor.TryTakeDigits(1, 3, out var digits).ShouldBeTrue();
        digits.ShouldBe(42);
        cursor.TryTakeThrough(" GE"u8, out inside).ShouldBeTrue();
        Encoding.UTF8.GetString(inside).ShouldBe("x");
        cursor.TryTakeThrough((byte)'?', out _).ShouldBeFalse();
        Encoding.UTF8.GetString(cursor.TakeUntil((byte)' ')).ShouldBe("T");
        cursor.SkipBlanks();
        Encoding.UTF8.GetString(cursor.TakeWord()).ShouldBe("/");
        cursor.IsAtEnd.ShouldBeTrue();
        cursor.Next.ShouldBe((byte)0);
        cursor.TryTakeBracketed(out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("\"open")]
    [InlineData("\"ends in \\")]
    [InlineData("\"ends in \\\"")]
    [InlineData("")]
    public void A_quotation_without_end_is_not_taken(string text)
    {
        var cursor = new ByteCursor(Encoding.UTF8.GetBytes(text));
        cursor.TryTakeQuoted(out _, out _).ShouldBeFalse();
        cursor.At.ShouldBe(0);
    }

    [Fact]
    public void Months_are_known_in_any_case()
    {
        string[] months = ["Jan", "feb", "MAR", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        months.Select(month => MonthNames.Parse(Encoding.ASCII.GetBytes(month))).ShouldBe(Enumerable.Range(1, 12));
        MonthNames.Parse("Mai"u8).ShouldBe(0);
        MonthNames.Parse("June"u8).ShouldBe(0);
    }
}
