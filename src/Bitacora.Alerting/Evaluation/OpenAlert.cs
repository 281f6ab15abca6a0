namespace Bitacora.Alerting.Evaluation;

/// <summary>An alert that has fired and not resolved.</summary>
internal sealed class OpenAlert
{
    public required string Id { get; init; }

    /// <summary>The minute of the first window in which the condition held.</summary>
    public required long Since { get; set; }

    /// <summary>The minute at which it was last told; null while a silence has kept it from being told.</summary>
    public long? Told { get; set; }

    /// <summary>Whether it was found only when records arrived late.</summary>
    public bool IsLate { get; init; }
}
