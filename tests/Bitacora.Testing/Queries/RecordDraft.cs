using Bitacora.Records;

namespace Bitacora.Testing.Queries;

/// <summary>A record before it has an identity.</summary>
/// <param name="Time">Ticks of 100 ns since 1970.</param>
/// <param name="Level">The level.</param>
/// <param name="Layer">The layer.</param>
/// <param name="Texts">Message, traceback, template; empty for missing.</param>
/// <param name="ShortTexts">The eight short fields in the order of <see cref="NamedField"/>; empty for missing.</param>
/// <param name="DurationMs">The duration, or null.</param>
/// <param name="Attributes">The attributes; of two with one name the first counts.</param>
public sealed record RecordDraft(
    long Time,
    Level Level,
    Layer Layer,
    IReadOnlyList<string> Texts,
    IReadOnlyList<string> ShortTexts,
    double? DurationMs,
    IReadOnlyList<(string Name, AttributeValue Value)> Attributes);
