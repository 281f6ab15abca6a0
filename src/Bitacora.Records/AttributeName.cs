using System.Buffers.Binary;
using System.Text.Unicode;

namespace Bitacora.Records;

/// <summary>A name of attributes that is made ready once and then written into any number of records. Immutable.</summary>
public sealed class AttributeName
{
    private readonly byte[] _encoded;

    private AttributeName(byte[] encoded, bool isReady) => (_encoded, IsReady) = (encoded, isReady);

    /// <summary>Whether it can be copied into a record as it is, unless the record's limits are less than the product's.</summary>
    internal bool IsReady { get; }

    /// <summary>As it stands in a record: its length and its bytes.</summary>
    internal ReadOnlySpan<byte> Encoded => _encoded;

    /// <summary>The name itself.</summary>
    internal ReadOnlySpan<byte> Text => _encoded.AsSpan(sizeof(ushort));

    /// <summary>Makes a name ready.</summary>
    /// <param name="name">Any bytes; what is no name as it is becomes one each time it is used.</param>
    /// <param name="isUnique">
    /// Whether whoever uses it knows that a record has none of that name yet. If not, that is looked for, as always.
    /// </param>
    public static AttributeName Of(ReadOnlySpan<byte> name, bool isUnique)
    {
        var isReady = isUnique && !name.IsEmpty && name.Length <= RecordLimits.Default.AttributeName
            && !ReservedAttributes.Contains(name) && Utf8.IsValid(name);
        var encoded = new byte[sizeof(ushort) + name.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(encoded, (ushort)(isReady ? name.Length : 0));
        name.CopyTo(encoded.AsSpan(sizeof(ushort)));
        return new AttributeName(encoded, isReady);
    }
}
