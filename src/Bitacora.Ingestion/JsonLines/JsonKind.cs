namespace Bitacora.Ingestion.JsonLines;

/// <summary>What a JSON value is.</summary>
internal enum JsonKind : byte
{
    None,
    Null,
    True,
    False,
    Number,

    /// <summary>NaN and infinities, which Python's encoder writes though JSON has no such numbers.</summary>
    NotFinite,
    String,
    Array,
    Object,
}
