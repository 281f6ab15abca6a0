using Bitacora.Records;

namespace Bitacora.Storage;

/// <summary>An attribute's name, a type that it has, and how many records have both.</summary>
/// <param name="Name">The attribute's name.</param>
/// <param name="Type">The values' type.</param>
/// <param name="Count">Records.</param>
public sealed record FieldSummary(string Name, AttributeType Type, long Count);
