using Bitacora.Records;

namespace Bitacora.Ingestion.JsonLines;

/// <summary>What a known name gives to a record. The text fields have their <see cref="NamedField"/>'s number.</summary>
internal enum FieldRole : byte
{
    Source = NamedField.Source,
    Logger = NamedField.Logger,
    Host = NamedField.Host,
    RequestId = NamedField.RequestId,
    UserId = NamedField.UserId,
    SessionId = NamedField.SessionId,
    TraceId = NamedField.TraceId,
    SpanId = NamedField.SpanId,
    Message = NamedField.Message,
    Traceback = NamedField.Traceback,
    Template = NamedField.Template,
    Time,
    Level,
    Layer,
    Duration,

    /// <summary>CLEF's rendered holes.</summary>
    Renderings,

    /// <summary>CLEF's start of a span.</summary>
    SpanStart,

    /// <summary>The number of roles that one value of a line can have.</summary>
    Count,

    /// <summary>An object whose members are attributes under their own names.</summary>
    Attributes,

    /// <summary>The object with the properties of a Seq event.</summary>
    Properties,

    /// <summary>An ordinary attribute whose presence says who wrote the line.</summary>
    Marker,
}
