using System.Globalization;
using Bitacora.Ingestion.JsonLines;

namespace Bitacora.Ingestion.Lines;

/// <summary>The sentences that a sender reads about a refused line.</summary>
internal static class LineFaults
{
    public static string Describe(LineFault fault, int at)
    {
        if (fault == LineFault.TooLong)
        {
            return string.Create(CultureInfo.InvariantCulture, $"the line has more than {at} bytes");
        }

        var text = fault switch
        {
            LineFault.NotAnObject => "not a JSON object",
            LineFault.EndsEarly => "the JSON ends early",
            LineFault.NameExpected => "a member's name in quotes was expected",
            LineFault.ColonExpected => "':' was expected behind a member's name",
            LineFault.CommaExpected => "',' or the closing bracket was expected",
            LineFault.ValueExpected => "a value was expected",
            LineFault.BadEscape => "an escape sequence that JSON does not know",
            LineFault.BadNumber => "not a JSON number",
            LineFault.TooDeep => $"nested more than {JsonScanner.MaxDepth} deep",
            LineFault.TrailingText => "text behind the JSON object; one object a line (with curl: --data-binary)",
            LineFault.NoEvents => "no array \"Events\" in the JSON object",
            LineFault.NoStart => "no record of its format begins with this line",
            LineFault.QuoteOpen => "a text in quotes was expected",
            LineFault.NumberExpected => "a number was expected",
            LineFault.HeadEndsEarly => "the line ends before its text",
            LineFault.BadElement => "not an element of structured data",
            LineFault.BadField => "not a field of the journal's export format",
            LineFault.NotPairs => "not key=value pairs alone",
            LineFault.BadColumns => "not the 23 to 26 columns of csvlog",
            LineFault.TimeExpected => "a time was expected",
            _ => "unknown",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{text} (byte {at + 1})");
    }
}
