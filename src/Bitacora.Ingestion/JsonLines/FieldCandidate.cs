namespace Bitacora.Ingestion.JsonLines;

/// <summary>The value that a role has so far, and the name that gave it; null for none.</summary>
internal readonly record struct FieldCandidate(KnownName? Name, JsonValue Value);
