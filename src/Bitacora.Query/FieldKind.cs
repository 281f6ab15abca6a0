namespace Bitacora.Query;

/// <summary>What kind of field a name in a query means.</summary>
public enum FieldKind
{
    /// <summary>One of the named text fields of a record.</summary>
    Text,

    /// <summary>The level.</summary>
    Level,

    /// <summary>The layer.</summary>
    Layer,

    /// <summary>The event time.</summary>
    Time,

    /// <summary>The duration in milliseconds.</summary>
    Duration,

    /// <summary>The record's id.</summary>
    Id,

    /// <summary>Any other field.</summary>
    Attribute,
}
