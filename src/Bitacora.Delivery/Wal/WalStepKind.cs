namespace Bitacora.Delivery.Wal;

/// <summary>What a reader of a file can come upon.</summary>
internal enum WalStepKind
{
    /// <summary>The file's end.</summary>
    End,

    /// <summary>An entry with a right header; its batch was not looked at.</summary>
    Entry,

    /// <summary>Bytes that are no entry, before the next one.</summary>
    Damage,

    /// <summary>Bytes that are no entry, up to the file's end.</summary>
    Tail,
}
