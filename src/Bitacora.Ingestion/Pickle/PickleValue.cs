namespace Bitacora.Ingestion.Pickle;

/// <summary>
/// A value of a pickle. Texts, digits and names are places in the pickle: nothing is copied out of it.
/// </summary>
/// <param name="Kind">What it is.</param>
/// <param name="Bits">A number, or a place: its start in the upper half, its length in the lower.</param>
/// <param name="Container">What it holds, where it holds values.</param>
internal readonly record struct PickleValue(PickleKind Kind, long Bits, PickleContainer? Container = null)
{
    public bool IsText => Kind is PickleKind.Text or PickleKind.Bytes;

    public double Double => BitConverter.Int64BitsToDouble(Bits);

    public static PickleValue At(PickleKind kind, int start, int length) => new(kind, ((long)start << 32) | (uint)length);

    public static PickleValue Holding(PickleKind kind) => new(kind, 0, new PickleContainer());

    /// <summary>The bytes of a value that is a place.</summary>
    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> pickle) => pickle.Slice((int)(Bits >> 32), (int)Bits);
}
