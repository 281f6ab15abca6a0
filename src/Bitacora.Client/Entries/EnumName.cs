namespace Bitacora.Client.Entries;

/// <summary>What a value of an enumeration is called.</summary>
/// <param name="Name">Its name, or the number where it has none.</param>
/// <param name="AsFlags">Its text as a combination of flags (format <c>F</c>), where that is another one.</param>
internal sealed record EnumName(string Name, string? AsFlags);
