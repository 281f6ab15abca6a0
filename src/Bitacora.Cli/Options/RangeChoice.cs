namespace Bitacora.Cli.Options;

/// <summary>A range as it was typed.</summary>
/// <param name="Last">The length of a range that ends now.</param>
/// <param name="From">The begin.</param>
/// <param name="To">The end.</param>
/// <param name="Zone">The zone of times without an offset, and of what is shown.</param>
internal sealed record RangeChoice(string? Last, string? From, string? To, TimeZoneInfo Zone);
