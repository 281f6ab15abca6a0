namespace Bitacora.Storage.Embedded.Files;

/// <summary>
/// The columns of <see cref="FileSchema.Records"/> in their order; the eight short text fields stand as in the record format.
/// </summary>
internal enum RecordColumn
{
    Time,
    Origin,
    Position,
    Level,
    Layer,
    Source,
    Logger,
    Host,
    RequestId,
    UserId,
    SessionId,
    TraceId,
    SpanId,
    Message,
    MessageFolded,
    Traceback,
    TracebackFolded,
    Template,
    Duration,
    Attributes,
    AttributeTypes,
}
