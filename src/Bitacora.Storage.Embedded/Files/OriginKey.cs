using Bitacora.Records;

namespace Bitacora.Storage.Embedded.Files;

/// <summary>Who numbered records: what a file's dictionary of origins holds.</summary>
internal readonly record struct OriginKey(SenderId Sender, Origin Origin)
{
    public static OriginKey From(ulong sender, ulong high, ulong low) => new(new SenderId(sender), new Origin(new UInt128(high, low)));

    public ulong Hash => Hash60.OfOrigin(Origin, Sender);
}
