namespace Bitacora.Client.Entries.Shapes;

/// <summary>What is made of a part of an entry for the record.</summary>
internal enum FilledSlotKind : byte
{
    /// <summary>It is the text.</summary>
    Text,

    /// <summary>An integer.</summary>
    Integer,

    /// <summary>A number that is finite.</summary>
    Real,

    /// <summary>Milliseconds.</summary>
    Duration,

    /// <summary>The value as text.</summary>
    Rendered,
}
