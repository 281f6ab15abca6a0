namespace Bitacora.Ingestion.Pickle;

/// <summary>What a value of a pickle is.</summary>
internal enum PickleKind : byte
{
    None,
    Boolean,
    Integer,

    /// <summary>An integer beyond 64 bits, as its digits.</summary>
    Digits,
    Double,

    /// <summary>UTF-8, in which Python also writes lone surrogates.</summary>
    Text,

    /// <summary>What Python 2 calls a string: bytes of an encoding that nobody says.</summary>
    Bytes,

    /// <summary>The name of a class or function: module, line end, name. A name and nothing more.</summary>
    Name,
    Tuple,
    List,
    Dictionary,

    /// <summary>What a named class or function would have been called with.</summary>
    Object,
}
