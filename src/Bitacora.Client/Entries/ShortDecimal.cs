using System.Buffers.Text;

namespace Bitacora.Client.Entries;

/// <summary>
/// Doubles that are decimals of at most three places (durations, prices, shares), as the framework writes them, in a third of its time.
/// </summary>
/// <remarks>
/// The quotient of two integers that a double can hold is rounded correctly, so a value that equals it is the double next to that decimal.
/// And it is the shortest one with which that is so: no two decimals of up to 15 digits have the same double next to them.
/// </remarks>
internal static class ShortDecimal
{
    /// <summary>The most bytes of one: a sign, nine digits, a point and three more.</summary>
    public const int MaxLength = 14;

    private const int Thousand = 1_000;
    private const double Limit = 1e12;

    /// <summary>False where the value is no such decimal.</summary>
    /// <param name="value">The value.</param>
    /// <param name="utf8">At least <see cref="MaxLength"/> bytes.</param>
    /// <param name="written">How many were written.</param>
    public static bool TryFormat(double value, Span<byte> utf8, out int written)
    {
        written = 0;
        var thousandths = value * Thousand;
        if (!(Math.Abs(thousandths) < Limit))
        {
            return false;
        }

        var digits = (long)Math.Round(thousandths);
        if (digits / (double)Thousand != value || digits == 0)
        {
            // Zero has a sign.
            return false;
        }

        if (digits < 0)
        {
            utf8[written++] = (byte)'-';
            digits = -digits;
        }

        var (whole, places) = Math.DivRem(digits, Thousand);
        Utf8Formatter.TryFormat(whole, utf8[written..], out var length);
        written += length;
        for (var unit = 100; places > 0; unit /= 10)
        {
            if (unit == 100)
            {
                utf8[written++] = (byte)'.';
            }

            utf8[written++] = (byte)('0' + (places / unit));
            places %= unit;
        }

        return true;
    }
}
