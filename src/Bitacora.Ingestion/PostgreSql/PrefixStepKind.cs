namespace Bitacora.Ingestion.PostgreSql;

/// <summary>By what the end of a part of the prefix is known.</summary>
internal enum PrefixStepKind : byte
{
    /// <summary>Text of the setting itself.</summary>
    Literal,

    /// <summary><c>%q</c>: lines of processes without a session end here.</summary>
    End,

    /// <summary>Any text: it ends where what follows begins.</summary>
    Text,
    Time,
    Epoch,
    Number,
    OptionalNumber,
    SqlState,
    Session,
    VirtualTransaction,

    /// <summary>An address with a port in round brackets, <c>[local]</c>, or nothing.</summary>
    Connection,

    /// <summary>A text without blanks, or nothing.</summary>
    Address,
}
