using Bitacora.Query.Evaluation;
using Bitacora.Records;

namespace Bitacora.Query;

/// <summary>Matches records of some layers; every condition on <c>layer</c> takes this form.</summary>
public sealed class LayerFilter : Filter
{
    internal LayerFilter(byte bits) => Bits = bits;

    /// <summary>Bit <c>1 &lt;&lt; layer</c> is set for each layer wanted; may be 0.</summary>
    public byte Bits { get; }

    /// <inheritdoc/>
    public override bool Matches(in RecordReader record) => Matches(record.Layer);

    /// <summary>Whether the layer is wanted.</summary>
    /// <param name="layer">The layer.</param>
    /// <returns>Whether it matches.</returns>
    public bool Matches(Layer layer) => (Bits & (1 << (int)layer)) != 0;

    /// <inheritdoc/>
    public override string ToString() =>
        "layer:(" + string.Join(" OR ", Enum.GetValues<Layer>().Where(Matches).Select(FieldText.NameOf)) + ")";
}
