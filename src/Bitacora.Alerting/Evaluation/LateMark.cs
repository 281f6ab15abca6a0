namespace Bitacora.Alerting.Evaluation;

/// <summary>A minute whose records came, or may have come, after rules had judged it.</summary>
/// <param name="Number">Grows with every mark: a rule remembers the last that it has heeded.</param>
/// <param name="Minute">The minute.</param>
internal sealed record LateMark(long Number, long Minute);
