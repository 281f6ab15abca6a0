namespace Bitacora.Ingestion.JsonLines;

/// <summary>A member of an object by its place in the text; the value as it is written there.</summary>
internal readonly record struct JsonMember(JsonValue Name, int ValueStart, int ValueLength);
