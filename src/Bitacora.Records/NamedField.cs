namespace Bitacora.Records;

/// <summary>
/// The text fields that every record has a place for. The first eight are short (256 bytes by default) and stand in this order in
/// the encoded record.
/// </summary>
public enum NamedField : byte
{
    /// <summary>Service or daemon.</summary>
    Source = 0,

    /// <summary>Category within the source.</summary>
    Logger = 1,

    /// <summary>The sender's host, or the machine's that read the file.</summary>
    Host = 2,

    /// <summary>Request id.</summary>
    RequestId = 3,

    /// <summary>User id.</summary>
    UserId = 4,

    /// <summary>Session id.</summary>
    SessionId = 5,

    /// <summary>Trace id.</summary>
    TraceId = 6,

    /// <summary>Span id.</summary>
    SpanId = 7,

    /// <summary>The rendered message.</summary>
    Message = 8,

    /// <summary>The exception with its causes.</summary>
    Traceback = 9,

    /// <summary>The message template, where the sender has one.</summary>
    Template = 10,
}
