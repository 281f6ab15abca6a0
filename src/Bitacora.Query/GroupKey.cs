namespace Bitacora.Query;

/// <summary>One key of <c>by</c>: a field's text, or a bucket of time.</summary>
/// <param name="Field">The field; <c>time</c> for a bucket.</param>
/// <param name="Buckets">The buckets of <c>time(d)</c>, or null: then records group by the field's text.</param>
/// <param name="Column">The name of its column, as the query writes it; <c>time</c> for a bucket.</param>
public sealed record GroupKey(FieldReference Field, TimeBuckets? Buckets, string Column);
