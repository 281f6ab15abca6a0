namespace Bitacora.Query;

/// <summary>The buckets of percentiles: the top 18 bits of a double, so sign, exponent and six bits of mantissa.</summary>
/// <remarks>Pure arithmetic on bits, so every store and engine makes the same ones; a bucket's value is at most 0.8 % off.</remarks>
public static class PercentileBuckets
{
    private const int Shift = 64 - 18;
    private const int SignBit = 1 << 17;
    private const int ExponentMask = 0x7FF << 6;

    /// <summary>The bucket of a number; greater numbers have greater buckets, negative ones negative buckets.</summary>
    /// <param name="value">The number, not NaN.</param>
    /// <returns>From -131,072 to 131,071.</returns>
    public static int BucketOf(double value)
    {
        int top = (int)(BitConverter.DoubleToUInt64Bits(value == 0 ? 0 : value) >> Shift);
        return (top & SignBit) == 0 ? top : ~(top ^ SignBit);
    }

    /// <summary>The number that stands for a bucket: its midpoint; 0 for the bucket of 0, infinity for that of infinity.</summary>
    /// <param name="bucket">What <see cref="BucketOf"/> gave.</param>
    /// <returns>The number.</returns>
    public static double ValueOf(int bucket)
    {
        int top = bucket >= 0 ? bucket : ~bucket;
        double magnitude = top == 0 ? 0
            : (top & ExponentMask) == ExponentMask ? double.PositiveInfinity
            : BitConverter.UInt64BitsToDouble(((ulong)top << Shift) | (1UL << (Shift - 1)));
        return bucket >= 0 ? magnitude : -magnitude + 0.0;
    }
}
