using System.Globalization;
using System.Text;

namespace Bitacora.Records;

/// <summary>
/// Numbers and truth values as text, one form everywhere: integers in decimal; doubles by .NET's shortest round-trip form, invariant,
/// zero without sign (<c>7</c>, <c>0.5</c>, <c>1E+21</c>); <c>true</c> and <c>false</c>.
/// </summary>
public static class ValueText
{
    /// <summary>Bytes that any value's text fits in.</summary>
    public const int MaxLength = 32;

    /// <summary>The text of a double.</summary>
    public static string Of(double value) => (value == 0 ? 0.0 : value).ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Writes the text of a double and returns its length.</summary>
    /// <param name="value">The number.</param>
    /// <param name="destination">At least <see cref="MaxLength"/> bytes.</param>
    public static int Write(double value, Span<byte> destination)
    {
        (value == 0 ? 0.0 : value).TryFormat(destination, out var length, "R", CultureInfo.InvariantCulture);
        return length;
    }

    /// <inheritdoc cref="Write(double, Span{byte})"/>
    public static int Write(long value, Span<byte> destination)
    {
        value.TryFormat(destination, out var length, default, CultureInfo.InvariantCulture);
        return length;
    }

    /// <inheritdoc cref="Write(double, Span{byte})"/>
    public static int Write(bool value, Span<byte> destination) =>
        Encoding.ASCII.GetBytes(value ? "true" : "false", destination);
}
