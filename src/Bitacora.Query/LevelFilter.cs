using Bitacora.Records;

namespace Bitacora.Query;

/// <summary>Matches records of some levels; every condition on <c>level</c> takes this form.</summary>
public sealed class LevelFilter : Filter
{
    internal LevelFilter(byte bits) => Bits = bits;

    /// <summary>Bit <c>1 &lt;&lt; level</c> is set for each level wanted; may be 0.</summary>
    public byte Bits { get; }

    /// <inheritdoc/>
    public override bool Matches(in RecordReader record) => Matches(record.Level);

    /// <summary>Whether the level is wanted.</summary>
    /// <param name="level">The level.</param>
    /// <returns>Whether it matches.</returns>
    public bool Matches(Level level) => (Bits & (1 << (int)level)) != 0;

    /// <inheritdoc/>
    public override string ToString() =>
        "level:(" + string.Join(" OR ", Enum.GetValues<Level>().Where(Matches).Select(Levels.Name)) + ")";
}
